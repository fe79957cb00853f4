package dev.shadow.core.store;

import dev.shadow.core.store.JournalFormat.Frame;
import dev.shadow.core.store.JournalFormat.Kind;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the files of a store back. The snapshot with the highest number counts; its journal holds what
 * came after it. A snapshot is named only once it and its empty journal are durable, so that pair is
 * whole or something has damaged it.
 */
final class Recovery {
    private static final RecordKey META = new RecordKey("store-meta", "versions");
    private static final Pattern SNAPSHOT = Pattern.compile("state-(\\d{1,18})\\.snapshot");

    private final Storage storage;
    private final RecordTable table = new RecordTable();
    private long number;
    private long nextSequence = 1;
    private long journalLength;

    private Recovery(Storage storage) {
        this.storage = storage;
    }

    static String snapshotName(long number) {
        return "state-" + number + ".snapshot";
    }

    static String journalName(long number) {
        return "state-" + number + ".journal";
    }

    /** What was read. */
    record State(RecordTable table, long number, long nextSequence, long journalLength) {}

    static Optional<State> read(Storage storage) throws IOException, StoreException {
        Recovery recovery = new Recovery(storage);
        recovery.number = storage.names().stream()
                .map(SNAPSHOT::matcher)
                .filter(Matcher::matches)
                .mapToLong(m -> Long.parseLong(m.group(1)))
                .max()
                .orElse(0);
        if (recovery.number == 0) {
            recovery.refuseStrayJournals();
            return Optional.empty();
        }
        recovery.readSnapshot();
        recovery.readJournal();
        return Optional.of(new State(recovery.table, recovery.number, recovery.nextSequence, recovery.journalLength));
    }

    /** A first journal may be there without its snapshot, when the first start was cut off; then it is empty. */
    private void refuseStrayJournals() throws IOException, StoreException {
        for (String name : storage.names()) {
            if (name.endsWith(".journal") && storage.read(name).length > JournalFormat.HEADER) {
                throw damaged(name, "its snapshot is missing");
            }
        }
    }

    static ByteBuffer snapshot(RecordTable table, long number, long sequence) {
        List<RecordTable.Entry> entries = new ArrayList<>(table.entries());
        StoredRecord meta = new StoredRecord(META, sequence, Long.toString(table.forgottenVersion()));
        entries.add(new RecordTable.Entry(meta, true, table.highestToken()));
        ByteBuffer frame = JournalFormat.frame(sequence, entries);
        ByteBuffer header = JournalFormat.header(Kind.SNAPSHOT, number);
        return ByteBuffer.allocate(header.remaining() + frame.remaining())
                .put(header)
                .put(frame)
                .flip();
    }

    private void readSnapshot() throws IOException, StoreException {
        String name = snapshotName(number);
        byte[] file = storage.read(name);
        refuse(name, JournalFormat.headerProblem(file, Kind.SNAPSHOT, number));
        Frame frame = JournalFormat.frameAt(file, JournalFormat.HEADER)
                .filter(f -> f.end() == file.length)
                .orElseThrow(() -> damaged(name, "its content does not match its checksum"));
        for (RecordTable.Entry entry : entries(name, file, frame)) {
            if (entry.record().key().equals(META)) {
                table.restore(number(name, entry.record().document()), entry.token());
            } else {
                table.apply(entry);
            }
        }
        nextSequence = frame.sequence() + 1;
    }

    private long number(String name, String text) throws StoreException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw damaged(name, "its version number is \"" + text + "\"");
        }
    }

    private void readJournal() throws IOException, StoreException {
        String name = journalName(number);
        if (!storage.names().contains(name)) {
            throw damaged(name, "it is missing");
        }
        byte[] file = storage.read(name);
        refuse(name, JournalFormat.headerProblem(file, Kind.JOURNAL, number));
        int at = JournalFormat.HEADER;
        while (at < file.length) {
            Optional<Frame> frame = JournalFormat.frameAt(file, at);
            if (frame.isEmpty()) {
                refuseIfSoundFrameFollows(name, file, at);
                break;
            }
            if (frame.get().sequence() != nextSequence) {
                throw damaged(
                        name,
                        "at byte " + at + " stands frame " + frame.get().sequence() + ", expected " + nextSequence);
            }
            entries(name, file, frame.get()).forEach(table::apply);
            nextSequence++;
            at = frame.get().end();
        }
        journalLength = at;
    }

    private void refuseIfSoundFrameFollows(String name, byte[] file, int at) throws StoreException {
        Optional<Frame> later = JournalFormat.findFrame(file, at + 1);
        if (later.isPresent() && later.get().sequence() >= nextSequence) {
            throw damaged(
                    name,
                    "frame " + nextSequence + " at byte " + at + " is broken and frame "
                            + later.get().sequence() + " at byte " + later.get().start() + " is sound");
        }
    }

    private List<RecordTable.Entry> entries(String name, byte[] file, Frame frame) throws StoreException {
        try {
            return JournalFormat.entries(file, frame);
        } catch (IllegalArgumentException e) {
            throw damaged(name, String.valueOf(e.getMessage()));
        }
    }

    private void refuse(String name, Optional<String> problem) throws StoreException {
        if (problem.isPresent()) {
            throw damaged(name, problem.get());
        }
    }

    private StoreException damaged(String name, String what) {
        return new StoreException(
                Retry.PERMANENT,
                "file " + name + " in state directory " + storage.location() + " is damaged: " + what
                        + "; nothing was changed: restore the directory from a copy, or start with an empty one");
    }
}
