import { at } from "../base/at.ts";

/** The categories' names in Turkish, in the order of the catalogue, one for one. */
const TURKISH = `
uçak gemisi, uçak, çalar saat, ambulans, melek, hayvan göçü, karınca, örs, elma, kol,
kuşkonmaz, balta, sırt çantası, muz, yara bandı, ahır, beyzbol topu, beyzbol sopası, sepet, basketbol topu, yarasa, küvet,
plaj, ayı, sakal, yatak, arı, kemer, bank, bisiklet, dürbün, kuş, doğum günü pastası, böğürtlen,
yaban mersini, kitap, bumerang, şişe kapağı, papyon, bilezik, beyin, ekmek, köprü, brokoli, süpürge, kova,
buldozer, otobüs, çalı, kelebek, kaktüs, pasta, hesap makinesi, takvim, deve, fotoğraf makinesi, kamuflaj, kamp ateşi,
mum, savaş topu, kano, araba, havuç, şato, kedi, tavan vantilatörü, cep telefonu, çello, sandalye, avize,
kilise, daire, klarnet, saat, bulut, kahve fincanı, pusula, bilgisayar, kurabiye, soğutucu çanta, kanepe, inek, yengeç,
pastel boya, timsah, taç, yolcu gemisi, fincan, elmas, bulaşık makinesi, tramplen, köpek, yunus, donut, kapı,
ejderha, şifonyer, matkap, davul, ördek, halter, kulak, dirsek, fil, zarf, silgi, göz, gözlük,
yüz, vantilatör, tüy, çit, parmak, yangın musluğu, şömine, itfaiye aracı, balık, flamingo, el feneri,
parmak arası terlik, ayaklı lamba, çiçek, uçan daire, ayak, çatal, kurbağa, tava, bahçe, bahçe hortumu, zürafa,
keçi sakalı, golf sopası, üzüm, çim, gitar, hamburger, çekiç, el, arp, şapka, kulaklık, kirpi,
helikopter, kask, altıgen, hokey pakı, hokey sopası, at, hastane, sıcak hava balonu, sosisli sandviç,
jakuzi, kum saati, ev, saksı bitkisi, kasırga, dondurma, ceket, hapishane, kanguru, anahtar, klavye, diz,
bıçak, merdiven, fener, dizüstü bilgisayar, yaprak, bacak, ampul, çakmak, deniz feneri, şimşek, çizgi, aslan,
ruj, ıstakoz, lolipop, posta kutusu, harita, keçeli kalem, kibrit, megafon, deniz kızı, mikrofon, mikrodalga,
maymun, ay, sivrisinek, motosiklet, dağ, fare, bıyık, ağız, kupa, mantar, çivi, kolye, burun,
okyanus, sekizgen, ahtapot, soğan, fırın, baykuş, boya kutusu, boya fırçası, palmiye, panda, pantolon, ataş,
paraşüt, papağan, pasaport, yer fıstığı, armut, bezelye, kurşun kalem, penguen, piyano, kamyonet, resim çerçevesi, domuz,
yastık, ananas, pizza, pense, polis arabası, gölet, havuz, buzlu şeker, kartpostal, patates, priz, el çantası,
tavşan, rakun, radyo, yağmur, gökkuşağı, tırmık, uzaktan kumanda, gergedan, tüfek, nehir, hız treni,
paten, yelkenli, sandviç, testere, saksafon, okul otobüsü, makas, akrep, tornavida, deniz kaplumbağası,
tahterevalli, köpek balığı, koyun, ayakkabı, şort, kürek, lavabo, kaykay, kafatası, gökdelen, uyku tulumu,
gülen yüz, salyangoz, yılan, şnorkel, kar tanesi, kardan adam, futbol topu, çorap, sürat teknesi, örümcek, kaşık,
hesap tablosu, kare, karalama, sincap, basamaklar, yıldız, biftek, müzik seti, stetoskop, dikiş, dur levhası,
ocak, çilek, sokak lambası, yeşil fasulye, denizaltı, bavul, güneş, kuğu, kazak, salıncak, kılıç,
şırınga, tişört, masa, çaydanlık, oyuncak ayı, telefon, televizyon, tenis raketi, çadır,
eyfel kulesi, çin seddi, mona lisa, kaplan, tost makinesi, ayak parmağı, tuvalet, diş, diş fırçası,
diş macunu, hortum, traktör, trafik ışığı, tren, ağaç, üçgen, trombon, kamyon, trompet, şemsiye,
iç çamaşırı, minibüs, vazo, keman, çamaşır makinesi, karpuz, su kaydırağı, balina, tekerlek, yel değirmeni,
şarap şişesi, şarap kadehi, kol saati, yoga, zebra, zikzak`
  .split(",")
  .map((name) => name.trim());

/** Other English words for a category. */
const ENGLISH: Readonly<Record<string, string>> = {
  aeroplane: "airplane",
  plane: "airplane",
  automobile: "car",
  bike: "bicycle",
  "fire truck": "firetruck",
  "fire engine": "firetruck",
  glasses: "eyeglasses",
  "great wall of china": "the great wall of china",
  "eiffel tower": "the eiffel tower",
  luggage: "suitcase",
  "mobile phone": "cell phone",
  motorcycle: "motorbike",
  mustache: "moustache",
  phone: "telephone",
  prison: "jail",
  rucksack: "backpack",
  seesaw: "see saw",
  smiley: "smiley face",
  sofa: "couch",
  teddy: "teddy bear",
  torch: "flashlight",
  trousers: "pants",
  tshirt: "t shirt",
  tv: "television",
  ufo: "flying saucer",
  watch: "wristwatch",
};

/** The accents of Latin letters; marks of other scripts are letters of their own. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Without case, accents and the dots that Turkish and other keyboards differ by. */
export const folded = (name: string): string =>
  name.toLowerCase().normalize("NFD").replace(ACCENTS, "").replaceAll("ı", "i").normalize("NFC");

/**
 * The categories that are meant by the beginning of a word of their English, Turkish or other names: first those whose
 * name it is, then those whose name begins with it; those spelled with the same accents before others. All of them for
 * an empty query.
 * @param catalogue all categories of Quick, Draw!.
 */
export function findCategories(query: string, catalogue: readonly string[]): string[] {
  const typed = query.trim().toLowerCase();
  const names = new Map(catalogue.map((category) => [category, [category]]));
  for (const [name, category] of [...turkishNames(catalogue), ...Object.entries(ENGLISH)])
    names.get(category)?.push(name);
  const rankAs = (name: string, wanted: string) =>
    name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(` ${wanted}`) ? 2 : Infinity;
  const rankOf = (name: string) => Math.min(rankAs(name, typed), rankAs(folded(name), folded(typed)) + 0.5);
  return catalogue
    .map((category) => ({ category, rank: Math.min(...(names.get(category) ?? []).map(rankOf)) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ category }) => category);
}

/** The catalogue's Turkish names, each beside its category. */
export const turkishNames = (categories: readonly string[]): ReadonlyMap<string, string> =>
  new Map(TURKISH.map((name, i) => [name, at(categories, i)]));

/** The category that a plain name stands for in Turkish or as another English word, if it does. */
export function otherName(name: string, categories: readonly string[]): string | undefined {
  const wanted = folded(name);
  if (Object.hasOwn(ENGLISH, wanted)) return ENGLISH[wanted];
  for (const [turkish, category] of turkishNames(categories)) if (folded(turkish) === wanted) return category;
  return undefined;
}
