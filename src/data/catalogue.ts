import { UserError } from "../base/errors.ts";
import { listed } from "../base/listed.ts";
import { didYouMean } from "../base/nearest.ts";
import { folded, otherName, turkishNames } from "./other-names.ts";

/** The 345 categories of Quick, Draw!, in lower case with blanks, sorted. */
export const CATEGORIES: readonly string[] = `
aircraft carrier, airplane, alarm clock, ambulance, angel, animal migration, ant, anvil, apple, arm,
asparagus, axe, backpack, banana, bandage, barn, baseball, baseball bat, basket, basketball, bat, bathtub,
beach, bear, beard, bed, bee, belt, bench, bicycle, binoculars, bird, birthday cake, blackberry,
blueberry, book, boomerang, bottlecap, bowtie, bracelet, brain, bread, bridge, broccoli, broom, bucket,
bulldozer, bus, bush, butterfly, cactus, cake, calculator, calendar, camel, camera, camouflage, campfire,
candle, cannon, canoe, car, carrot, castle, cat, ceiling fan, cell phone, cello, chair, chandelier,
church, circle, clarinet, clock, cloud, coffee cup, compass, computer, cookie, cooler, couch, cow, crab,
crayon, crocodile, crown, cruise ship, cup, diamond, dishwasher, diving board, dog, dolphin, donut, door,
dragon, dresser, drill, drums, duck, dumbbell, ear, elbow, elephant, envelope, eraser, eye, eyeglasses,
face, fan, feather, fence, finger, fire hydrant, fireplace, firetruck, fish, flamingo, flashlight,
flip flops, floor lamp, flower, flying saucer, foot, fork, frog, frying pan, garden, garden hose, giraffe,
goatee, golf club, grapes, grass, guitar, hamburger, hammer, hand, harp, hat, headphones, hedgehog,
helicopter, helmet, hexagon, hockey puck, hockey stick, horse, hospital, hot air balloon, hot dog,
hot tub, hourglass, house, house plant, hurricane, ice cream, jacket, jail, kangaroo, key, keyboard, knee,
knife, ladder, lantern, laptop, leaf, leg, light bulb, lighter, lighthouse, lightning, line, lion,
lipstick, lobster, lollipop, mailbox, map, marker, matches, megaphone, mermaid, microphone, microwave,
monkey, moon, mosquito, motorbike, mountain, mouse, moustache, mouth, mug, mushroom, nail, necklace, nose,
ocean, octagon, octopus, onion, oven, owl, paint can, paintbrush, palm tree, panda, pants, paper clip,
parachute, parrot, passport, peanut, pear, peas, pencil, penguin, piano, pickup truck, picture frame, pig,
pillow, pineapple, pizza, pliers, police car, pond, pool, popsicle, postcard, potato, power outlet, purse,
rabbit, raccoon, radio, rain, rainbow, rake, remote control, rhinoceros, rifle, river, roller coaster,
rollerskates, sailboat, sandwich, saw, saxophone, school bus, scissors, scorpion, screwdriver, sea turtle,
see saw, shark, sheep, shoe, shorts, shovel, sink, skateboard, skull, skyscraper, sleeping bag,
smiley face, snail, snake, snorkel, snowflake, snowman, soccer ball, sock, speedboat, spider, spoon,
spreadsheet, square, squiggle, squirrel, stairs, star, steak, stereo, stethoscope, stitches, stop sign,
stove, strawberry, streetlight, string bean, submarine, suitcase, sun, swan, sweater, swing set, sword,
syringe, t shirt, table, teapot, teddy bear, telephone, television, tennis racquet, tent,
the eiffel tower, the great wall of china, the mona lisa, tiger, toaster, toe, toilet, tooth, toothbrush,
toothpaste, tornado, tractor, traffic light, train, tree, triangle, trombone, truck, trumpet, umbrella,
underwear, van, vase, violin, washing machine, watermelon, waterslide, whale, wheel, windmill,
wine bottle, wine glass, wristwatch, yoga, zebra, zigzag`
  .split(",")
  .map((name) => name.trim());

/** Categories whose file in Google's bucket is not spelled as here. */
const BUCKET_SPELLING: ReadonlyMap<string, string> = new Map([
  ["t shirt", "t-shirt"],
  ["teddy bear", "teddy-bear"],
  ["the eiffel tower", "The Eiffel Tower"],
  ["the great wall of china", "The Great Wall of China"],
  ["the mona lisa", "The Mona Lisa"],
]);

/** Blanks and what is written for them; controls and changes of direction, which no name needs and a terminal obeys. */
const BLANKS = /[\s_\-\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Letters that only Turkish and its nearest relatives have: their I is another one. */
const TURKISH_LETTERS = /[ğĞşŞıİ]/;

/** What other languages' rules make of İ. */
const DOTTED_TWICE = /i\u0307/g;

const lowerCase = (name: string): string =>
  (TURKISH_LETTERS.test(name) ? name.replaceAll("İ", "i").replaceAll("I", "ı") : name)
    .toLowerCase()
    .replace(DOTTED_TWICE, "i");

/**
 * How a category is spelled here: `The_Eiffel%20Tower` becomes `the eiffel tower`, `IĞDIR` becomes `ığdır`; letters with
 * accents as one character each (Unicode NFC), as macOS does not write them.
 */
export function plainName(name: string): string {
  let decoded = name;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    // A percent sign that encodes nothing belongs to the name.
  }
  return lowerCase(decoded.normalize("NFC")).replace(BLANKS, " ").trim();
}

/** Ways to compare a name with those that are known, the strictest first. */
const SPELLINGS: readonly ((name: string) => string)[] = [
  (name) => name,
  plainName,
  (name) => folded(plainName(name)),
];

/**
 * The canonical name of a category, whatever its case and whether blanks are written as `_`, `-` or `%20`; a Turkish name
 * or another usual word for it is understood too.
 * @param known the categories to choose from, in any spelling; the result is spelled as there.
 * @param elsewhere a sentence about other places, for the error.
 * @throws UserError with the nearest known name, or with the names of several that are meant alike.
 */
export function requireCategory(
  name: string,
  known: readonly string[] = CATEGORIES,
  where = "Quick, Draw!",
  elsewhere = "",
): string {
  const found = findCategory(name, known, where);
  if (found !== undefined) return found;
  const plain = new Set(known.map(plainName));
  const turkish = [...turkishNames(CATEGORIES)].filter(([, category]) => plain.has(category));
  const names = [...known, ...turkish.map(([word]) => word)];
  const advice = known.some((other) => other.includes(","))
    ? " A comma inside of a name is written %2C."
    : "";
  throw new UserError(
    `${where} has no category "${name}".${didYouMean(plainName(name), names)} It has ${listed(known)}.${advice}${elsewhere && ` ${elsewhere}`}`,
  );
}

function findCategory(name: string, known: readonly string[], where: string): string | undefined {
  const spelled = (wanted: string): string | undefined => {
    for (const spelling of SPELLINGS) {
      const found = known.filter((candidate) => spelling(candidate) === spelling(wanted));
      if (found.length > 1 && new Set(found).size > 1)
        throw new UserError(
          `${where} has ${listed(found)}: "${name}" may be any of them; write it as one of them is.`,
        );
      if (found.length > 0) return found[0];
    }
    return undefined;
  };
  const other = otherName(plainName(name), CATEGORIES);
  return spelled(name) ?? (other === undefined ? undefined : spelled(other));
}

/** The names, without `.ndjson`, that a category's file may have in a bucket, the likelier first. */
export function fileNames(category: string): readonly string[] {
  const plain = plainName(category);
  const spelled = BUCKET_SPELLING.get(plain);
  return spelled === undefined ? [plain] : [plain, spelled];
}
