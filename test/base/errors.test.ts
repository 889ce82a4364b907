import { expect, it } from "vitest";
import { messageOf, UsageError, UserError } from "../../src/base/errors.ts";

it("a usage error is a user error, and both tell their names", () => {
  expect(new UsageError("m")).toBeInstanceOf(UserError);
  expect([new UserError("m"), new UsageError("m")].map(String)).toEqual(["UserError: m", "UsageError: m"]);
});

it.each([
  [new Error("broken"), "broken"],
  ["broken", "broken"],
  [undefined, "undefined"],
])("the message of %s", (thrown, message) => expect(messageOf(thrown)).toBe(message));
