"""Very many records on one tablet, each really sealed, put down in one transaction."""

from typing import Any

from browser.field_tablet import VIOLATION, FieldTablet

# The recorder seals on a chain that is gathered first; the chain's own `grow` then puts
# each record down. Saving them one by one would wait for the disk as many times.
SEAL_MANY = """async ([body, count, photosEach]) => {
    const first = await import("/field/joined/first.js");
    const sync = await import("/field/joined/sync.js");
    const { Database } = first.$outbox_indexeddb_database;
    const { CHAIN_TABLES, grow } = first.$outbox_indexeddb_chain;
    const { keepPhoto } = first.$outbox_indexeddb_photos;
    const { takenIn } = first.$outbox_pictures;
    const { summaryOfSealed } = first.$outbox_summary;
    const { Recorder } = sync.$capture_recorder;
    const { requireAccepted } = sync.$capture_acceptance;
    const { store, around: { clock } } = self.outbox;
    const { loadValidation } = sync.$schemas_validation;
    const { readSchema } = first.$outbox_own_files;
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
