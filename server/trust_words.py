"""How each kind of device is told to trust the bureau's authority, in words."""

from dataclasses import dataclass

from geo.errors import Message

FILE_NAME = "gi-fieldkit-ca"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; a command is typed as it stands."""

    words: Message
    command: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """The steps on one kind of device, in their order."""

    id: str
    title: Message
    steps: tuple[Step, ...]


def _steps(*steps: tuple[str, str] | tuple[str, str, str]) -> tuple[Step, ...]:
    return tuple(Step(Message(zh=s[0], en=s[1]), "".join(s[2:])) for s in steps)


WORDS = {
    "title": Message(zh="信任本单位服务器", en="Trust this bureau's server"),
    "other": Message(zh="English", en="中文"),
    "why": Message(
        zh="本单位的服务器使用自建证书机构。每台设备信任它一次，之后浏览器才能安全地打开并安装"
        "巡检应用，离线使用，并使用相机和定位。",
        en="This bureau's server has a certificate authority of its own. Each device "
        "trusts it once; then its browser opens the field app safely, installs it, "
        "runs it offline and lets it use camera and position.",
    ),
    "compare": Message(zh="一、先核对指纹", en="1. Compare the fingerprint first"),
    "compare_how": Message(
        zh="请向市局（用电话或当面，不要用本页）核对以下指纹。管理员用 "
        "gi-server tls show 读出。不一致时请不要安装，并报告。",
        en="Ask the bureau for this fingerprint, by telephone or in person and "
        "not by this page; gi-server tls show prints it "
        "there. If it differs, install nothing and report it.",
    ),
    "download": Message(zh="二、下载证书", en="2. Download the certificate"),
    "for_crt": Message(zh="安卓、Windows", en="Android, Windows"),
    "for_profile": Message(zh="iPad（描述文件）", en="iPad (profile)"),
    "for_pem": Message(
        zh="统信UOS、麒麟、Firefox、fieldkit", en="UOS, Kylin, Firefox, fieldkit"
    ),
    "install": Message(zh="三、安装", en="3. Install it"),
    "then": Message(zh="四、打开应用", en="4. Open the app"),
    "then_how": Message(
        zh="用浏览器打开下面的地址。不出现警告即已信任；然后安装应用并扫描登记二维码。",
        en="Open this address in the browser. If there is no warning the device trusts "
        "the server; install the app and scan the enrolment code.",
    ),
    "limits": Message(
        zh="该证书机构只能为本单位服务器的名称和内网地址签发证书，不能冒充其他网站。"
        "有效期至",
        en="This authority can vouch only for this server's names and for private "
        "addresses, for no other site. It is valid until",
    ),
    "leave": Message(
        zh="设备不再用于巡检时，请在同一处删除该证书。",
        en="Remove the certificate in the same place once the device is no longer used "
        "for inspections.",
    ),
    "internal": Message(zh="内部使用", en="Internal use"),
}

PLATFORMS = (
    Platform(
        "android",
        Message(zh="安卓平板", en="Android tablet"),
        _steps(
            ("下载 .crt 文件。", "Download the .crt file."),
            (
                "打开“设置”，搜索“证书”；一般在“安全 → 更多安全设置 → 加密与凭据 → "
                "安装证书 → CA 证书”。各品牌名称略有不同；系统会要求设置锁屏密码。",
                "Open Settings and search for “certificate”: mostly Security → More "
                "security settings → Encryption & credentials → Install a certificate "
                "→ CA certificate. A screen lock is asked for.",
            ),
            (
                "选择“仍然安装”，再选择下载的文件。",
                "Choose “Install anyway”, then the file that you downloaded.",
            ),
            (
                "用 Chrome 或 Edge 打开应用（安卓版 Firefox 不读取此证书）。",
                "Use Chrome or Edge (Firefox for Android does not read this store).",
            ),
        ),
    ),
    Platform(
        "ipad",
        Message(zh="iPad", en="iPad"),
        _steps(
            (
                "用 Safari 打开本页，点“iPad（描述文件）”，选择“允许”。",
                "Open this page in Safari, tap “iPad (profile)” and allow it.",
            ),
            (
                "打开“设置 → 通用 → VPN与设备管理”，选择“GI Fieldkit”描述文件，"
                "点“安装”。显示“未签名”属正常，以指纹为准。",
                "Open Settings → General → VPN & Device Management, choose the profile "
                "“GI Fieldkit” and install it. “Not signed” is as it should be: the "
                "fingerprint decides.",
            ),
            (
                "打开“设置 → 通用 → 关于本机 → 证书信任设置”，为该证书打开“完全信任”。"
                "缺少这一步，应用不能使用。",
                "Open Settings → General → About → Certificate Trust Settings and turn "
                "on full trust for it. Without this step the app does not work.",
            ),
            (
                "用 Safari 打开应用，点“共享 → 添加到主屏幕”，以后从主屏幕打开。",
                "Open the app in Safari, then Share → Add to Home Screen; open it from "
                "there from now on.",
            ),
        ),
    ),
    Platform(
        "windows",
        Message(zh="Windows", en="Windows"),
        _steps(
            ("下载 .crt 文件并双击打开。", "Download the .crt file and open it."),
            (
                "点“安装证书 → 当前用户 → 将所有的证书都放入下列存储 → 浏览 → "
                "受信任的根证书颁发机构”。",
                "Install Certificate → Current User → Place all certificates in the "
                "following store → Browse → Trusted Root Certification Authorities.",
            ),
            (
                "系统警告中的“指纹 (sha1)”应与本页的 SHA-1 相同，再点“是”。",
                "The warning shows a thumbprint (sha1): it must equal the SHA-1 on "
                "this page. Then choose Yes.",
            ),
            (
                "或在命令行中：",
                "Or on the command line:",
                f"certutil -user -addstore Root {FILE_NAME}.crt",
            ),
        ),
    ),
    Platform(
        "uos",
        Message(zh="统信UOS、麒麟", en="UOS and Kylin"),
        _steps(
            (
                "下载 .pem 文件，放入系统证书库：",
                "Download the .pem file and put it in the system's store:",
                f"sudo cp {FILE_NAME}.pem /usr/local/share/ca-certificates/"
                f"{FILE_NAME}.crt\nsudo update-ca-certificates",
            ),
            (
                "浏览器使用自己的证书库：在浏览器“设置 → 隐私和安全 → 管理证书 → "
                "授权机构 → 导入”中选择该文件，勾选“信任该证书，以标识网站”。",
                "The browser has a store of its own: Settings → Privacy and security → "
                "Manage certificates → Authorities → Import, and trust it for "
                "identifying websites.",
            ),
            (
                "或在命令行中（软件包 libnss3-tools），然后重启浏览器：",
                "Or on the command line (package libnss3-tools), then restart the "
                "browser:",
                "mkdir -p ~/.pki/nssdb\ncertutil -d sql:$HOME/.pki/nssdb -A -t C,, "
                f"-n gi-fieldkit -i {FILE_NAME}.pem",
            ),
        ),
    ),
    Platform(
        "firefox",
        Message(zh="Firefox", en="Firefox"),
        _steps(
            (
                "打开“设置 → 隐私与安全 → 证书 → 查看证书 → 证书颁发机构 → 导入”。",
                "Settings → Privacy & Security → Certificates → View Certificates → "
                "Authorities → Import.",
            ),
            (
                "选择 .pem 文件，勾选“信任由此证书颁发机构来标识网站”。",
                "Choose the .pem file and trust it to identify websites.",
            ),
        ),
    ),
    Platform(
        "fieldkit",
        Message(zh="笔记本（fieldkit）", en="Laptop (fieldkit)"),
        _steps(
            (
                "登记时给出证书，之后 fieldkit 只信任它：",
                "Give the certificate when enrolling; fieldkit then trusts it alone:",
                f"fieldkit enrol --ca {FILE_NAME}.pem URL CODE",
            ),
        ),
    ),
)
