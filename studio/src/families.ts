import { families as models } from "virtual:model";
import type { FamilyName } from "cizgi/web";
import { type Language, language } from "./words.ts";

/** What there is to see of a family while it draws: all of a drawing at once, its strokes, or its points in turn. */
type Making = "whole" | "strokes" | "points";

/** What is said of a family; docs/families has more. */
interface FamilyWords {
  /** How it draws, in plain words. */
  readonly name: string;
  /** Why it failed in the system that this project began from, as its author says. */
  readonly failed: string;
  readonly cured: string;
}

interface Told extends Readonly<Record<Language, FamilyWords>> {
  readonly making: Making;
}

/** In the order of the page. */
const all: Readonly<Record<FamilyName, Told>> = {
  unet1d: {
    making: "whole",
    en: {
      name: "All points at once, coarse and fine",
      failed: "It did not: of the eight, this is the one that worked.",
      cured: "Nothing to cure: it sees the whole at a quarter of the points, and the detail at all of them.",
    },
    tr: {
      name: "Bütün noktalar birden, kabası ve incesi",
      failed: "Başarısız olmadı: sekiz yoldan çalışan buydu.",
      cured: "Düzeltilecek bir şey yok: bütünü noktaların dörtte birinde, ayrıntıyı hepsinde görür.",
    },
  },
  transformer: {
    making: "whole",
    en: {
      name: "Points that look at each other",
      failed: "It did not grasp where in the line a point stands: no shape appeared.",
      cured: "Every point also sees its neighbours directly; that did more than any numbering.",
    },
    tr: {
      name: "Birbirine bakan noktalar",
      failed: "Bir noktanın çizginin neresinde durduğunu kavrayamadı: hiçbir biçim çıkmadı.",
      cured: "Her nokta komşularını doğrudan da görür; bu, herhangi bir numaralamadan daha çok işe yaradı.",
    },
  },
  "full-sequence": {
    making: "whole",
    en: {
      name: "Every point at full length",
      failed: "Each point looked at all others: memory ran out before it could learn.",
      cured: "Points look along the line in growing strides: twice the points cost twice, not four times.",
    },
    tr: {
      name: "Her nokta, tam uzunlukta",
      failed: "Her nokta ötekilerin hepsine bakıyordu: öğrenemeden bellek bitti.",
      cured: "Noktalar çizgi boyunca büyüyen adımlarla bakar: iki kat nokta dört değil, iki kat iş demektir.",
    },
  },
  "encoder-decoder": {
    making: "whole",
    en: {
      name: "A code first, then the drawing",
      failed: "The half that draws ignored the code: always the same drawing.",
      cured: "It now begins with noise, so that the code is all it knows of the drawing.",
    },
    tr: {
      name: "Önce bir kod, sonra çizim",
      failed: "Çizen yarısı koda kulak asmadı: hep aynı çizim.",
      cured: "Artık gürültüyle başlar; çizim üzerine bildiği tek şey koddur.",
    },
  },
  latent: {
    making: "whole",
    en: {
      name: "A summary that clears, drawn out again",
      failed: "The summary lost the detail of the drawing.",
      cured: "Its decoder learns from slightly noisy summaries, and bears small errors.",
    },
    tr: {
      name: "Arınan bir özet, yeniden çizilir",
      failed: "Özet, çizimin ayrıntısını yitirdi.",
      cured: "Özeti açan ağ hafif gürültülü özetlerden öğrenir, küçük hatalara dayanır.",
    },
  },
  "autoregressive-stroke": {
    making: "strokes",
    en: {
      name: "Stroke after stroke",
      failed: "Strokes did not fit each other and errors added up: random lines.",
      cured: "Each stroke says where it lies, and in training those before it are a little wrong.",
    },
    tr: {
      name: "Çizgi çizgi",
      failed: "Çizgiler birbirine uymadı, hatalar birikti: rastgele çizgiler.",
      cured: "Her çizgi nerede durduğunu söyler; eğitimde öncekiler biraz yanlış verilir.",
    },
  },
  "sketchrnn-mdn": {
    making: "points",
    en: {
      name: "Point after point, from a mixture",
      failed: "It worked in principle, but was outside of that assignment.",
      cured: "Nothing to cure: built after the paper, it computes what the original does.",
    },
    tr: {
      name: "Nokta nokta, bir karışımdan",
      failed: "İlke olarak çalışıyordu, ama o ödevin dışında kaldı.",
      cured: "Düzeltilecek bir şey yok: makaleye göre kuruldu, aslının hesapladığını hesaplar.",
    },
  },
  "sketchrnn-diffusion": {
    making: "points",
    en: {
      name: "Point after point, each out of noise",
      failed: "Two goals pulled it apart, and training diverged.",
      cured: "One goal is left: each point comes from a small diffusion of its own.",
    },
    tr: {
      name: "Nokta nokta, her biri gürültüden",
      failed: "İki amaç onu iki yana çekti, eğitim ıraksadı.",
      cured: "Tek amaç kaldı: her nokta kendi küçük difüzyonundan gelir.",
    },
  },
};

const isKnown = (name: string): name is FamilyName => Object.hasOwn(all, name);

/** The families in the order of the page. */
export const familyNames: readonly FamilyName[] = Object.keys(all).filter(isKnown);

/** Of the categories that all of their models have learnt. */
export const familyCategories: readonly string[] = models?.categories ?? [];

export const makingOf = (family: FamilyName): Making => all[family].making;

/** What is said of a family, in the language chosen. */
export const familyWords = (family: FamilyName): FamilyWords => all[family][language.value];
