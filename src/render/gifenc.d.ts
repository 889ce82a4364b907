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
    /** Whether one index leaves what was there. */
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
  }
  interface Encoder {
    writeFrame(indices: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
    bytesView(): Uint8Array;
  }
  type CreateEncoder = () => Encoder;
  interface Module {
    readonly GIFEncoder: CreateEncoder;
    /** At most so many colours for pixels of red, green, blue and opacity. */
    quantize(pixels: Uint8Array, colours: number): number[][];
    /** The index of the nearest colour for each pixel. */
    applyPalette(pixels: Uint8Array, palette: readonly (readonly number[])[]): Uint8Array;
  }
  /** Node sees the package's CommonJS module, bundlers see its ES module's default export. */
  const gifenc: CreateEncoder | Module;
  export default gifenc;
}
