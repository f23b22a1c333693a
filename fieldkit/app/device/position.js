/**
 * Where the browser says that the device is.
 *
 * A browser's accuracy is the radius of 95 % confidence; its datum is WGS-84. It does not
 * say where a position comes from: one with an altitude is taken for a satellite fix. Its
 * time is the device's and not the satellites', so a satellite fix is written without one:
 * the day of the act must not rest on a clock that is wrong.
 */
import { Problem } from "../problem.js";
import { shanghaiInstant } from "../capture/answers.js";

const OPTIONS = { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 };
const CODES = { 1: "position-denied", 2: "position-unavailable", 3: "position-timeout" };
const WORDS = {
  "position-unsupported": [
    "本浏览器不能定位（须经 https 打开）。请在地图上标注，或写明没有位置的原因。",
    "This browser gives no position (it needs https). Place a pin, or say why there is none.",
  ],
  "position-denied": [
    "定位未获允许。请在浏览器的网站设置中允许“位置”后点“重新定位”，或在地图上标注，或写明原因。",
    "Location is not allowed. Allow it in the browser's site settings and look again, or place a pin, or say why there is none.",
  ],
  "position-unavailable": [
    "设备现在给不出位置。请打开系统的定位服务，到窗边或室外再试，或在地图上标注，或写明原因。",
    "The device has no position now. Turn on its location service, go to a window or outside, or place a pin, or say why there is none.",
  ],
  "position-timeout": [
    "20 秒内没有定到位，仍在继续。到窗边或室外会快些；也可以在地图上标注，或写明原因。",
    "No position within 20 seconds; still trying. It is quicker at a window or outside; or place a pin, or say why there is none.",
  ],
  "position-accuracy-zero": [
    "设备给出的精度为 0，可能是模拟位置，未采用。请关闭模拟定位，或在地图上标注。",
    "The device claims an accuracy of 0, which may be a mock position; it was not taken. Turn mock locations off, or place a pin.",
  ],
};

/** Return the problem of a code, in words with what to do. */
export function positionProblem(code) {
  const [zh, en] = WORDS[code];
  return new Problem(code, { zh, en }, { field: "site.fix" });
}

/**
 * Return a browser's position as a fix of the record.
 *
 * @param {GeolocationPosition} position
 * @throws {Problem} "position-accuracy-zero" unless the accuracy is above 0
 */
export function fixOfPosition({ coords, timestamp }) {
  if (!(coords.accuracy > 0)) throw positionProblem("position-accuracy-zero");
  const isSatellite = coords.altitude !== null && coords.altitude !== undefined;
  const fix = {
    lon_deg: coords.longitude,
    lat_deg: coords.latitude,
    datum: "WGS84",
    radius95_m: coords.accuracy,
    source: isSatellite ? "gnss" : "network",
    is_mock: null,
  };
  return isSatellite ? fix : { ...fix, fixed_at: shanghaiInstant(timestamp) };
}

/**
 * Call `onFix(fix)` with each reading and `onProblem(problem)` when there is none, until
 * what this returns is called. A time-out does not end the watch.
 *
 * @param {(fix: object) => void} onFix
 * @param {(problem: Problem) => void} onProblem
 * @param {Geolocation|undefined} [geolocation]
 */
export function watchBrowserPosition(onFix, onProblem, geolocation = navigator.geolocation) {
  if (!geolocation) {
    onProblem(positionProblem("position-unsupported"));
    return () => {};
  }
  const take = (position) => {
    try {
      onFix(fixOfPosition(position));
    } catch (error) {
      onProblem(error);
    }
  };
  const id = geolocation.watchPosition(take, ({ code }) => onProblem(positionProblem(CODES[code])), OPTIONS);
  return () => geolocation.clearWatch(id);
}
