declare module "gifenc" {
  interface FrameOptions {
    /** Colours as [red, green, blue]; the first frame's serve all frames that bring none. */
    readonly palette?: readonly (readonly number[])[];
    /** Milliseconds. */
    readonly delay?: number;
    /** What becomes of the frame after its time: 1 leaves it. */
    readonly dispose?: number;
    /** Bits of a pixel. */
    readonly colorDepth?: number;
  }
  interface Encoder {
    writeFrame(indices: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
    bytesView(): Uint8Array;
  }
  type CreateEncoder = () => Encoder;
  /** Node sees the package's CommonJS module, bundlers see its ES module's default export. */
  const gifenc: CreateEncoder | { readonly GIFEncoder: CreateEncoder };
  export default gifenc;
}
