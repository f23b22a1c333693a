/** Products and the rights that concern them; rights may nest. */

/** Return the rights proposed for a product; none for one that is not listed. */
export function rightsOf(products, product) {
  return products.products.find((entry) => entry.product === product)?.rights ?? [];
}

/** Return a right's `{zh, en}` name, its key if it is not listed. */
export function rightName(products, right) {
  const { zh, en } = products.rights.find((entry) => entry.right === right) ?? { zh: right, en: right };
  return { zh, en };
}

/** Return a product's `{zh, en}` name, its key if it is not listed. */
export function productName(products, product) {
  const found = products.products.find((entry) => entry.product === product);
  return found ? { zh: found.zh, en: found.en } : { zh: product, en: product };
}
