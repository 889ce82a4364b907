// Declarations of ours and of zod name these; they are interfaces of DOM's and of Node's types. For a program that has
// neither they must exist at least.
declare global {
  interface AbortSignal {}
  interface URL {}
}

export {};
