"""Very many records on one tablet, each really sealed, put down in one transaction."""

from typing import Any

from browser.field_tablet import VIOLATION, FieldTablet

# The recorder seals on a chain that is gathered first; the chain's own `grow` then puts
# each record down. Saving them one by one would wait for the disk as many times.
SEAL_MANY = """async ([body, count, photosEach]) => {
    const app = (path) => import(`/field/${path}`);
    const { Database } = await app("outbox/indexeddb/database.js");
    const { CHAIN_TABLES, grow } = await app("outbox/indexeddb/chain.js");
    const { keepPhoto } = await app("outbox/indexeddb/photos.js");
    const { takenIn } = await app("outbox/pictures.js");
    const { summaryOfSealed } = await app("outbox/summary.js");
    const { Recorder } = await app("capture/recorder.js");
    const { requireAccepted } = await app("capture/acceptance.js");
    const { store, around: { clock } } = self.outbox;
    const { loadValidation } = await app("schemas/validation.js");
    const { readSchema } = await app("outbox/own_files.js");
    const validation = await loadValidation(readSchema);
    const versions = await self.outbox.versions();
    const { device_id } = await self.outbox.identity();
    let head = await store.head(device_id);
    const steps = [];
    const gathering = {
        meta: (name) => store.meta(name),
        head: async () => head,
        append: async (sealed, expected, blobs, extra) => {
            const summary = summaryOfSealed(sealed.compact);
            steps.push([sealed, expected, blobs, { ...extra, summary }]);
            head = { seq: sealed.seq, hash: sealed.hash };
        },
    };
    const recorder = new Recorder({
        store: gathering,
        clock,
        versions: async () => versions,
        requireAccepted: (...words) => requireAccepted(validation, ...words),
    });
    const photograph = async (number) => {
        const bytes = new TextEncoder().encode(`${device_id} ${number}`.padEnd(2000));
        bytes.set([0xff, 0xd8, 0xff]);
        const file = await takenIn(new Blob([bytes]), `${number}.jpg`);
        const { original: _blob, ...facts } = file;
        return { bytes, facts };
    };
    const numbers = Array.from({ length: count * photosEach }, (_, at) => at);
    const before = head.seq;
    const taken = await Promise.all(
        numbers.map((number) => photograph(`${before}-${number}`)));
    for (let number = 1; number <= count; number += 1) {
        const site = { ...body.site, name: `果品店 ${number}` };
        const own = taken.slice((number - 1) * photosEach, number * photosEach);
        const photos = new Map(own.map(({ facts }) => [facts.sha256, facts]));
        const evidence = [...photos.keys()].map((sha256) => ({ sha256 }));
        await recorder.record({ ...body, site, evidence }, { photos });
    }
    const added_at = clock().now.toISOString();
    const database = new Database("gi-field");
    await database.write(CHAIN_TABLES, async (tables) => {
        // As bytes: ten thousand Blobs are as many files, and no list reads them.
        for (const { bytes, facts } of taken) {
            await keepPhoto(tables, bytes, { ...facts, added_at }, null);
        }
        for (const step of steps) await grow(tables, ...step);
    });
    await database.close();
}"""


def seal_many(tablet: FieldTablet, count: int, *, photos_each: int = 0) -> None:
    """Add so many records to the tablet's outbox, newest last."""
    body: dict[str, Any] = VIOLATION
    tablet.page.evaluate(SEAL_MANY, [body, count, photos_each])
