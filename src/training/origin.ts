import { z } from "zod";

const modelSchema = z.strictObject({
  /** As it was given, but a relative path leads there from the run's folder; the model that ships where left out. */
  path: z.string().optional(),
  /** Of its weights' file. */
  sha256: z.string(),
});

/** What a run was made from beside its settings and its drawings; part of its configuration, and no setting. */
export const originSchema = z
  .strictObject({
    command: z.enum(["train", "distil", "classifier train"]),
    /** The teacher, or the model whose weights a training began with. */
    model: modelSchema.optional(),
    substeps: z.int().min(1).optional(),
    maxGuidance: z.number().min(1).optional(),
  })
  .optional()
  .meta({ setting: "" });

export type Origin = NonNullable<z.output<typeof originSchema>>;
