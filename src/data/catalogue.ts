import { UserError } from "../base/errors.ts";
import { listed } from "../base/listed.ts";
import { didYouMean } from "../base/nearest.ts";
import { otherName, turkishNames } from "./other-names.ts";

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
const BUCKET_SPELLING: Readonly<Record<string, string>> = {
  "t shirt": "t-shirt",
  "teddy bear": "teddy-bear",
  "the eiffel tower": "The Eiffel Tower",
  "the great wall of china": "The Great Wall of China",
  "the mona lisa": "The Mona Lisa",
};

/** How a category is spelled here: `The_Eiffel%20Tower` becomes `the eiffel tower`. */
export function plainName(name: string): string {
  let decoded = name;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    // A percent sign that encodes nothing belongs to the name.
  }
  return decoded
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();
}

/**
 * The canonical name of a category, whatever its case and whether blanks are written as `_`, `-` or `%20`; a Turkish name
 * or another usual word for it is understood too.
 * @param known the categories to choose from, in any spelling; the result is spelled as there.
 * @throws UserError with the nearest known name.
 */
export function requireCategory(
  name: string,
  known: readonly string[] = CATEGORIES,
  where = "Quick, Draw!",
): string {
  const plain = plainName(name);
  const spelled = (wanted: string | undefined) => known.find((candidate) => plainName(candidate) === wanted);
  const found = spelled(plain) ?? spelled(otherName(plain, CATEGORIES));
  if (found !== undefined) return found;
  const turkish = [...turkishNames(CATEGORIES)].filter(([, category]) => spelled(category) !== undefined);
  const names = [...known, ...turkish.map(([word]) => word)];
  throw new UserError(
    `${where} has no category "${name}".${didYouMean(plain, names)} It has ${listed(known)}.`,
  );
}

/** The names, without `.ndjson`, that a category's file may have in a bucket, the likelier first. */
export function fileNames(category: string): readonly string[] {
  const plain = plainName(category);
  return Object.hasOwn(BUCKET_SPELLING, plain) ? [plain, BUCKET_SPELLING[plain]] : [plain];
}
