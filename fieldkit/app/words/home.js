/** What the home screen says. */
import { addWords } from "../words.js";

addWords({
  "home.title": ["今天", "Today"],
  "home.new": ["新建记录", "New record"],
  "home.visit": ["走访无问题", "Visited, nothing found"],
  "home.drafts": ["未完成的草稿", "Drafts to continue"],
  "home.draft": ["草稿", "Draft"],
  "home.continue": ["继续", "Continue"],
  "home.begun": ["{age}开始", "begun {age}"],
  "home.queue": ["队列", "Queue"],
  "home.sealed": ["待上传", "To be sent"],
  "home.delivered": ["已送达", "Delivered"],
  "home.refused": ["被拒收", "Refused"],
  "home.photos": ["照片 {delivered}/{named}", "Photos {delivered} of {named}"],
  "home.last-contact": ["上次联系服务器：{age}", "Last contact with the server: {age}"],
  "home.never": ["尚未联系过服务器", "No contact with the server yet"],
  "home.enrol-first": [
    "本机尚未登记，登记后才能封存记录。用市局给的二维码或登记码。",
    "This device is not enrolled; records can be sealed once it is. Use the QR code or short code from the bureau.",
  ],
  "home.not-installed": [
    "没有安装到主屏幕：7 天不用，iPad 会清除这里的记录。",
    "Not installed on the home screen: after 7 days without use an iPad clears the records here.",
  ],
  "home.not-installed-more": ["怎么安装，怎么导出", "How to install it, how to export"],
  "home.import": ["从文件导入", "Import files"],
  "home.import-about": [
    "相机照片、GPX、CSV：每张照片、每个点或每一行成为一份草稿，核对后再封存。原文件不变。",
    "Camera photographs, GPX, CSV: each photograph, point or row becomes a draft, to be checked before it is sealed. The files stay as they are.",
  ],
  "home.import-choose": ["选择文件", "Choose files"],
  "home.import-at": ["正在导入 {done}/{total} …", "Importing {done} of {total} …"],
  "home.import-taken": ["新建了 {count} 份草稿", "Drafts begun: {count}"],
  "home.import-known": ["{count} 项以前已导入，没有重复", "Imported before, not doubled: {count}"],
  "home.import-tracks": ["读入 {count} 段轨迹，用来定位照片", "Segments of tracks read, to place photographs: {count}"],
  "home.import-nothing": ["没有可导入的内容", "Nothing to import was found"],
  "home.import-line": ["{file} 第 {line} 行：{words}", "{file}, line {line}: {words}"],
  "home.import-file": ["{file}：{words}", "{file}: {words}"],
  "home.import-more": ["还有 {count} 条", "{count} more"],
  "home.enrol": ["登记设备", "Enrol this device"],
});
