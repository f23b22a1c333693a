/** What enrolment says. */
import { addWords } from "../words.js";

addWords({
  "enrol.title": ["登记设备", "Enrol this device"],
  "enrol.about": ["向市局索取登记码：一次有效，15 分钟内使用。登记需要网络，之后离线可用。", "Ask the bureau for an enrolment code: good once, for 15 minutes. This needs a link; afterwards everything works without."],
  "enrol.scan": ["扫描登记二维码", "Scan the enrolment code"],
  "enrol.or-type": ["或手工输入", "or type it"],
  "enrol.url": ["服务器地址", "The server's address"],
  "enrol.code": ["登记码", "Enrolment code"],
  "enrol.code-hint": ["如 K7QF-3MZP，大小写、空格、短横线都可以", "such as K7QF-3MZP; case, spaces and hyphens do not matter"],
  "enrol.submit": ["登记", "Enrol"],
  "enrol.running": ["正在登记", "Enrolling"],
  "enrol.not-ours": ["这不是登记二维码。请扫描市局发放的那一个，或手工输入登记码。", "This is no enrolment code. Scan the one that the bureau gave out, or type the code."],
  "enrol.other-server": ["二维码属于另一台服务器（{url}）。请先在浏览器打开那个地址再登记。", "The code belongs to another server ({url}). Open that address in the browser first."],
  "enrol.code-missing": ["请输入登记码。", "Type the enrolment code."],
  "enrol.url-missing": ["请输入服务器地址，如 https://192.168.1.10:8470。", "Type the server's address, such as https://192.168.1.10:8470."],
  "enrol.done": ["本设备已登记，现在离线也能用。", "This device is enrolled and works offline from now on."],
  "enrol.unit": ["执法单位", "Unit"],
  "enrol.officers": ["执法人员", "Officers"],
  "enrol.server": ["服务器", "Server"],
  "enrol.server-key": ["服务器密钥指纹", "Thumbprint of the server's key"],
  "enrol.device-key": ["本机密钥指纹", "Thumbprint of this device's key"],
  "enrol.compare": ["与市局显示的指纹核对一致，才是真正的服务器和本机。", "Compare both with what the bureau shows."],
  "enrol.enrolled-at": ["登记时间", "Enrolled"],
  "enrol.start": ["开始使用", "Begin"],
  "enrol.anew": ["重新登记", "Enrol anew"],
  "enrol.anew-note": ["重新登记不会丢失记录；未送达的仍会由原密钥送出。", "No record is lost by it; what is unsent still goes by the earlier key."],
});
