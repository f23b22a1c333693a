/* Controls that are not told from the ground around them: WCAG 1.4.11. */
([theme, least]) => {
    document.documentElement.dataset.theme = theme;
    const pen = document.createElement("canvas").getContext("2d");
    const colour = (text) => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = text;
        pen.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
        return { rgb: [red, green, blue], alpha: alpha / 255 };
    };
    const linear = (part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    const light = ({ rgb: [red, green, blue] }) =>
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    const contrast = (one, other) => {
        const [dim, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return (bright + 0.05) / (dim + 0.05);
    };
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const found = colour(getComputedStyle(at).backgroundColor);
            if (found.alpha > 0.5) return found;
        }
        return colour("white");
    };
    const marks = (element) => {
        const style = getComputedStyle(element);
        const found = [];
        if (parseFloat(style.borderTopWidth) >= 1) found.push(style.borderTopColor);
        if (parseFloat(style.borderBottomWidth) >= 1) {
            found.push(style.borderBottomColor);
        }
        found.push(style.backgroundColor);
        if (element.querySelector(":scope svg")) found.push(style.color);
        return found.map(colour).filter(({ alpha }) => alpha > 0.5);
    };
    const faults = [];
    const look = (element, name) => {
        const around = ground(element.parentElement);
        const best = Math.max(1, ...marks(element).map((one) => contrast(one, around)));
        if (best < least) faults.push(`${theme}: ${name} ${best.toFixed(2)}:1`);
    };
    const shown = document.querySelector("dialog[open]") ?? document;
    const fields = "input:not([type=radio], [type=checkbox], [type=file]), select, textarea";
    // A row of a list is told by its words.
    const faces = "label.tile .face, button:not(.county-choice), a.button";
    for (const one of shown.querySelectorAll(`${fields}, ${faces}`)) {
        if (one.closest("[aria-hidden=true], .unseen, .skip, .leaflet-container")) continue;
        if (one.disabled || !one.checkVisibility()) continue;
        look(one, `${one.tagName}.${one.className} “${one.textContent.trim().slice(0, 12)}”`);
    }
    const probe = shown.querySelector("button:not([disabled])");
    if (probe) {
        const focus = colour(getComputedStyle(probe).getPropertyValue("--focus"));
        const seen = contrast(focus, ground(probe.parentElement));
        if (seen < least) faults.push(`${theme}: focus ${seen.toFixed(2)}:1`);
    }
    return [...new Set(faults)];
}
