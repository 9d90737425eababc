// How far a place is from the middle of a ZIP, on the phone. Nobody asks the phone where it is.

const EARTH_MILES = 3958.8;
const PLACELESS_MILES = 3;
const BANDS = [
  [1, "near_band_1"],
  [3, "near_band_3"],
  [10, "near_band_10"],
];

const radians = (degrees) => (degrees * Math.PI) / 180;

export function milesBetween([lat1, lon1], [lat2, lon2]) {
  const half =
    Math.sin(radians(lat2 - lat1) / 2) ** 2 +
    Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_MILES * Math.asin(Math.sqrt(half));
}

// Miles to the nearest public place; null for what has none: it comes by phone or serves an area.
export function nearestMiles(service, middle) {
  const found = (service.m ?? [])
    .filter((place) => place[2] !== null && place[3] !== null)
    .map((place) => milesBetween(middle, [place[2], place[3]]));
  return found.length ? Math.min(...found) : null;
}

export const nearRank = (miles) => miles ?? PLACELESS_MILES;

export function bandWords(miles, words) {
  if (miles === null) return words["service.near_band_area"];
  const band = BANDS.find(([limit]) => miles < limit);
  return words[`service.${band ? band[1] : "near_band_over_10"}`];
}
