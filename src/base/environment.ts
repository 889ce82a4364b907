/** Environment variables; `NodeJS.ProcessEnv` where there are Node's types. */
export type Environment = Readonly<Record<string, string | undefined>>;
