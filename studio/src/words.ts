import { computed, signal } from "@preact/signals";
import { CATEGORIES, type ErrorCode, turkishNames } from "cizgi/web";
import { remember, remembered } from "./memory.ts";
import { MOST_LINK_POINTS } from "./state.ts";

export const languages = ["en", "tr"] as const;
export type Language = (typeof languages)[number];

const en = {
  title: "cizgi: drawings that a machine learnt to draw",
  views: { draw: "Draw", together: "Draw with me", vary: "Vary", between: "Between", ways: "Eight ways" },
  leads: {
    draw: "Choose a thing: a network turns noise into drawings of it, here in your browser.",
    together: "Begin a drawing: the network goes on from your strokes.",
    vary: "Change a drawing, a little or a lot.",
    between: "Go from one drawing to another, through what lies between.",
    ways: "Eight kinds of networks draw the same thing, each in its own way.",
  },
  language: "Language",
  category: "What to draw",
  nothingFound: "Nothing of that name",
  anything: "Surprise me",
  count: "Drawings",
  seed: "Seed",
  others: "More",
  stop: "Stop",
  settings: "Settings",
  steps: "Steps",
  guidance: "Guidance",
  sampler: "Sampler",
  temperature: "Temperature",
  play: "Play",
  pause: "Pause",
  time: "Time",
  noise: "noise",
  pen: "pen",
  speed: "Speed",
  saveAs: "Download",
  animated: "SVG film",
  link: "Link",
  linkCopied: "Link copied",
  number: (index: number, count: number) => `${index} of ${count}`,
  vary: "Vary it",
  goOn: "Draw on",
  toAnother: "Lead to another",
  pad: "Your sheet: draw with mouse, finger or pen; or with arrow keys, the space bar lowers and lifts the pen",
  hint: "Begin here: the drawing will fill the sheet",
  tools: "Tools",
  penTool: "Pen",
  eraser: "Eraser",
  undo: "Undo",
  redo: "Redo",
  clear: "Clear",
  room: (points: number, most: number) => `${points} of ${most} points`,
  suggestions: "How it could go on: choose one",
  take: "Take this one",
  full: "No room for more strokes: take some back",
  strength: "Strength",
  same: "the same",
  free: "any",
  source: "Where it starts from",
  variations: "Variations: choose one to go on from",
  from: "From",
  to: "To",
  between: "From one drawing to another",
  again: "Again",
  start: "start",
  whyFailed: "Why it failed",
  whatCured: "What cured it",
  more: "More about it",
  loading: "Getting the model",
  loadingAll: "Getting the models",
  drawing: "Drawing",
  ready: "Ready",
  retry: "Try again",
  noDownload: "A file could not be downloaded. Is there a network?",
  damaged: "A file arrived damaged.",
  forbidden:
    "The host of this page forbids WebAssembly: its Content-Security-Policy lacks 'wasm-unsafe-eval'.",
  noDevice: "This browser could compute neither with WebGPU nor with WebAssembly. A newer one can.",
  failed: "This could not be drawn.",
  problems: {
    "too-many-points": "The strokes have more points than this model takes: give fewer or simpler ones.",
    "too-many-strokes": "There are more strokes than this model takes: give fewer.",
    "no-strokes": "There is no stroke of two points or more: draw one.",
    "too-many-steps": "This model has not so many steps: take fewer.",
    "too-much-guidance": "This model takes not so much guidance: take less.",
    "no-such-setting": "This model has no such setting: leave it out of the link.",
    "not-able": "This model cannot do that: choose another view.",
  } satisfies Record<ErrorCode, string>,
  linkTooLong: `The link holds more strokes than this page takes (${MOST_LINK_POINTS} points): they are left out.`,
  copyLink: "Copy this link:",
  took: (count: number, seconds: string) =>
    `${count} ${count === 1 ? "drawing" : "drawings"} in ${seconds} s`,
  threads: (count: number) => (count === 1 ? "one thread" : `${count} threads`),
  about:
    "Everything is computed in your browser; nothing is sent. Learnt from Google's Quick, Draw! (CC BY 4.0).",
};

type Words = typeof en;

const tr: Words = {
  title: "çizgi: bir makinenin çizmeyi öğrendiği çizimler",
  views: { draw: "Çiz", together: "Birlikte çiz", vary: "Çeşitle", between: "Arasında", ways: "Sekiz yol" },
  leads: {
    draw: "Bir şey seç: bir ağ, gürültüyü onun çizimlerine dönüştürür; burada, tarayıcında.",
    together: "Bir çizime başla: ağ senin çizgilerinden sürdürür.",
    vary: "Bir çizimi değiştir, az ya da çok.",
    between: "Bir çizimden ötekine git, aradakilerden geçerek.",
    ways: "Sekiz tür ağ aynı şeyi çizer, her biri kendi yoluyla.",
  },
  language: "Dil",
  category: "Ne çizilsin",
  nothingFound: "Bu adla bir şey yok",
  anything: "Şaşırt beni",
  count: "Çizim",
  seed: "Tohum",
  others: "Yenileri",
  stop: "Dur",
  settings: "Ayarlar",
  steps: "Adım",
  guidance: "Yönlendirme",
  sampler: "Örnekleyici",
  temperature: "Sıcaklık",
  play: "Oynat",
  pause: "Duraklat",
  time: "Zaman",
  noise: "gürültü",
  pen: "kalem",
  speed: "Hız",
  saveAs: "İndir",
  animated: "SVG filmi",
  link: "Bağlantı",
  linkCopied: "Bağlantı kopyalandı",
  number: (index, count) => `${count} çizimden ${index}.`,
  vary: "Çeşitle",
  goOn: "Üstüne çiz",
  toAnother: "Başkasına götür",
  pad: "Senin kâğıdın: fareyle, parmakla ya da kalemle çiz; ya da ok tuşlarıyla, boşluk çubuğu kalemi indirir ve kaldırır",
  hint: "Buradan başla: çizim sayfayı doldurur",
  tools: "Araçlar",
  penTool: "Kalem",
  eraser: "Silgi",
  undo: "Geri al",
  redo: "Yinele",
  clear: "Temizle",
  room: (points, most) => `${most} noktadan ${points}`,
  suggestions: "Böyle sürebilir: birini seç",
  take: "Bunu seç",
  full: "Daha fazla çizgiye yer yok: birkaçını geri al",
  strength: "Değişim",
  same: "aynısı",
  free: "herhangi biri",
  source: "Başlangıç",
  variations: "Çeşitlemeler: sürdürmek için birini seç",
  from: "Buradan",
  to: "Buraya",
  between: "Bir çizimden ötekine",
  again: "Yeniden",
  start: "başlangıç",
  whyFailed: "Neden olmadı",
  whatCured: "Ne düzeltti",
  more: "Dahası",
  loading: "Model indiriliyor",
  loadingAll: "Modeller indiriliyor",
  drawing: "Çiziliyor",
  ready: "Hazır",
  retry: "Yeniden dene",
  noDownload: "Bir dosya indirilemedi. Ağ bağlantısı var mı?",
  damaged: "Bir dosya bozuk geldi.",
  forbidden:
    "Bu sayfanın sunucusu WebAssembly'ye izin vermiyor: Content-Security-Policy'sinde 'wasm-unsafe-eval' yok.",
  noDevice:
    "Bu tarayıcı ne WebGPU ne de WebAssembly ile hesaplayabildi. Daha yeni bir tarayıcı hesaplayabilir.",
  failed: "Bu çizilemedi.",
  problems: {
    "too-many-points": "Çizgilerde bu modelin alabileceğinden çok nokta var: daha az ya da daha yalın çiz.",
    "too-many-strokes": "Bu modelin alabileceğinden çok çizgi var: daha az çiz.",
    "no-strokes": "İki ya da daha çok noktalı bir çizgi yok: bir tane çiz.",
    "too-many-steps": "Bu modelde o kadar adım yok: daha az seç.",
    "too-much-guidance": "Bu model o kadar yönlendirme almaz: daha az seç.",
    "no-such-setting": "Bu modelde böyle bir ayar yok: bağlantıdan çıkar.",
    "not-able": "Bu model bunu yapamaz: başka bir görünüm seç.",
  },
  linkTooLong: `Bağlantıda bu sayfanın alabileceğinden çok çizgi var (${MOST_LINK_POINTS} nokta): onlar alınmadı.`,
  copyLink: "Bu bağlantıyı kopyala:",
  took: (count, seconds) => `${count} çizim ${seconds} sn sürdü`,
  threads: (count) => `${count} iş parçacığı`,
  about:
    "Her şey tarayıcında hesaplanır; hiçbir şey gönderilmez. Google'ın Quick, Draw! çizimlerinden öğrenildi (CC BY 4.0).",
};

const all: Readonly<Record<Language, Words>> = { en, tr };
const KEPT = "language";

const kept = languages.find((language) => language === remembered(KEPT));
export const language = signal<Language>(kept ?? (navigator.language.startsWith("tr") ? "tr" : "en"));
/** The page's words in the language chosen. */
export const words = computed(() => all[language.value]);

export function speak(chosen: Language): void {
  language.value = chosen;
  remember(KEPT, chosen);
}

const turkish = new Map([...turkishNames(CATEGORIES)].map(([name, category]) => [category, name]));

/** What a category is called in a language. */
export const nameOf = (category: string, inLanguage: Language = language.value): string =>
  inLanguage === "tr" ? (turkish.get(category) ?? category) : category;

/** A number with so many decimals, as the language writes it. */
export const figure = (value: number, decimals: number): string =>
  value.toLocaleString(language.value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
