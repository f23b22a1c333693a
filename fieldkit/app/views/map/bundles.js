/** The map's bundles and styles, loaded when a map is first shown. */

const APP = new URL("../../", import.meta.url);
const loading = new Map();

/** Return Leaflet once it and the map's styles are there. */
export async function mapBundles() {
  await Promise.all([
    style("vendor/leaflet/leaflet.css"),
    style("css/map.css"),
    style("css/picker.css"),
    script("vendor/leaflet/leaflet.js"),
  ]);
  return { L: window.L };
}

function script(path) {
  return once(path, () => {
    const element = document.createElement("script");
    element.src = new URL(path, APP).href;
    return element;
  });
}

function style(path) {
  return once(path, () => {
    const element = document.createElement("link");
    element.rel = "stylesheet";
    element.href = new URL(path, APP).href;
    return element;
  });
}

function once(path, make) {
  if (!loading.has(path)) {
    const loaded = new Promise((resolve, reject) => {
      const element = make();
      element.onload = resolve;
      element.onerror = () => {
        element.remove();
        loading.delete(path);
        reject(new Error(`${path} did not load`));
      };
      document.head.append(element);
    });
    loading.set(path, loaded);
  }
  return loading.get(path);
}
