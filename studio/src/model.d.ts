declare module "virtual:model" {
  /** The address of the model's weights. */
  export const file: string;
  /** What it draws. */
  export const categories: readonly string[];
}
