/** What kind of transactions a page really begins: noted at the browser's own door. */

const begin = IDBDatabase.prototype.transaction;

/** Note every transaction's mode and durability from now on. @returns {{mode, durability}[]} */
export function watchTransactions() {
  const noted = [];
  IDBDatabase.prototype.transaction = function (...words) {
    const transaction = begin.apply(this, words);
    noted.push({ mode: transaction.mode, durability: transaction.durability });
    return transaction;
  };
  return noted;
}
