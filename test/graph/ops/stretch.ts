import { mean } from "../../../src/graph/ops/mean.ts";
import { expand, reshape, sum, sumTo } from "../../../src/graph/ops/stretch.ts";
import { type OpTable, of, on } from "./cases.ts";

export const stretch: OpTable = {
  reshape: {
    cases: [
      on([[2, 3]], (x) => reshape(x, [3, 2])),
      on([[2, 3]], (x) => reshape(x, [1, 6, 1])),
      on([[1, 1]], (x) => reshape(x, [])),
      on([[]], (x) => reshape(x, [1, 1])),
      on([[2, 3]], (x) => reshape(x, [2, 3]), "to itself"),
    ],
    errors: [
      ["reshape: [2, 3] has 6 elements, [4] has 4", () => reshape(of(2, 3), [4])],
      [
        "reshape: the sizes of [-2, -3] must be whole numbers of at least 1",
        () => reshape(of(2, 3), [-2, -3]),
      ],
      [
        "reshape: the sizes of [1.5, 4] must be whole numbers of at least 1",
        () => reshape(of(2, 3), [1.5, 4]),
      ],
    ],
  },
  expand: {
    cases: [
      on([[]], (x) => expand(x, [2, 3])),
      on([[1, 3, 1]], (x) => expand(x, [2, 3, 4])),
      on([[3]], (x) => expand(x, [2, 3])),
      on([[1]], (x) => expand(x, [1, 1])),
      on([[2, 3]], (x) => expand(x, [2, 3]), "to itself"),
    ],
    errors: [
      ["expand: [2, 3] cannot be stretched to [1, 3]", () => expand(of(2, 3), [1, 3])],
      ["expand: [2, 3] cannot be stretched to [3]", () => expand(of(2, 3), [3])],
      [
        "expand: [2] and [3] do not broadcast: axis 0 has sizes 2 and 3; they must be equal or one of them 1",
        () => expand(of(2), [3]),
      ],
    ],
  },
  sum: {
    cases: [
      on([[]], (x) => sum(x)),
      on([[2, 3]], (x) => sum(x)),
      on([[2, 3, 4]], (x) => sum(x, [1]), "along 1"),
      on([[2, 3, 4]], (x) => sum(x, [-1, 0]), "along -1 and 0"),
      on([[2, 3]], (x) => sum(x, []), "along no axis"),
      on([[1, 3, 1]], (x) => sum(x, [0, 2]), "along axes of size 1"),
    ],
    errors: [
      ["sum: axis 2 does not exist in shape [2, 3]", () => sum(of(2, 3), [2])],
      ["sum: axis -3 does not exist in shape [2, 3]", () => sum(of(2, 3), [-3])],
      ["sum: axis 0.5 does not exist in shape [2, 3]", () => sum(of(2, 3), [0.5])],
      ["sum: axis 0 does not exist in shape []", () => sum(of(), [0])],
    ],
  },
  sumTo: {
    cases: [
      on([[2, 3]], (x) => sumTo(x, [])),
      on([[2, 3]], (x) => sumTo(x, [3])),
      on([[2, 3, 4]], (x) => sumTo(x, [3, 1])),
      on([[1, 3]], (x) => sumTo(x, [3])),
      on([[2, 3]], (x) => sumTo(x, [2, 3]), "to itself"),
    ],
    errors: [
      [
        "sumTo: [2, 3] and [2] do not broadcast: axis 1 has sizes 3 and 2; they must be equal or one of them 1",
        () => sumTo(of(2, 3), [2]),
      ],
      ["sumTo: [2, 3] cannot be stretched to [3]", () => sumTo(of(3), [2, 3])],
    ],
  },
  mean: {
    cases: [
      on([[]], (x) => mean(x)),
      on([[3, 7]], (x) => mean(x)),
      on([[2, 3, 4]], (x) => mean(x, [1]), "along 1"),
      on([[2, 3]], (x) => mean(x, [-1]), "along -1"),
      on([[2, 3]], (x) => mean(x, []), "along no axis"),
    ],
    errors: [["sum: axis 2 does not exist in shape [2, 3]", () => mean(of(2, 3), [2])]],
  },
};
