/** What scanning a QR code says. */
import { addWords } from "../words.js";

addWords({
  "scan.title": ["扫描二维码", "Scan a QR code"],
  "scan.aim": ["把二维码放进画面，光线要够。", "Hold the code inside the picture, in good light."],
  "scan.cancel": ["取消", "Cancel"],
  "scan.from-picture": ["从照片读取", "Read it from a picture"],
  "scan.none-in-picture": ["照片里没有读到二维码。请靠近、对正后再拍一次。", "No QR code was read in the picture. Take it closer and straight."],
});
