package dev.shadow.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.store.FencedWriteException;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import dev.shadow.tck.property.SeededTest;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReplicaStoreTest {
    private static final RecordKey KEY = new RecordKey("replica", "one");

    @TempDir
    Path directory;

    @Test
    void findsEverythingAgainAfterItWasClosed() throws Exception {
        try (FileReplicaStore store = FileReplicaStore.open(directory)) {
            store.put(KEY, 0, "{\"a\":1}", 3);
            store.put(KEY, 1, "{\"a\":2}", 3);
            store.put(new RecordKey("replica", "two"), 0, "ü", 3);
            store.remove(new RecordKey("replica", "two"), 1, 3);
        }
        try (FileReplicaStore store = FileReplicaStore.open(directory)) {
            assertThat(store.list("replica")).containsExactly(new StoredRecord(KEY, 2, "{\"a\":2}"));
            assertThatThrownBy(() -> store.put(KEY, 2, "x", 2)).isInstanceOf(FencedWriteException.class);
            assertThat(store.put(new RecordKey("replica", "two"), 0, "again", 3).version())
                    .as("above the removed one's")
                    .isEqualTo(2);
        }
    }

    @Test
    void refusesASecondManagerAndNamesTheDirectory() throws Exception {
        try (FileReplicaStore store = FileReplicaStore.open(directory)) {
            assertThat(store.list("replica")).isEmpty();
            assertThatThrownBy(() -> FileReplicaStore.open(directory))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use by another manager");
        }
        FileReplicaStore.open(directory).close();
    }

    @Test
    void refusesAWrongVersion() throws Exception {
        try (FileReplicaStore store = FileReplicaStore.open(directory)) {
            assertThatThrownBy(() -> store.put(KEY, 1, "x", 0)).isInstanceOf(VersionConflictException.class);
            store.put(KEY, 0, "x", 0);
            assertThatThrownBy(() -> store.put(KEY, 0, "y", 0)).isInstanceOf(VersionConflictException.class);
            assertThatThrownBy(() -> store.remove(KEY, 2, 0)).isInstanceOf(VersionConflictException.class);
        }
    }

    @Test
    void writersThatMeetAreAllDurableAndToldInOrder() throws Exception {
        List<Long> told = new ArrayList<>();
        int threads = 4;
        int writes = 50;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (FileReplicaStore store = FileReplicaStore.open(directory, 4096)) {
            store.put(KEY, 0, "0", 0);
            var subscription = store.subscribe(change -> {
                if (change.key().equals(KEY)) {
                    told.add(change.version());
                }
            });
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(pool.submit(() -> increment(store, writes)));
            }
            for (Future<?> future : running) {
                future.get();
            }
            subscription.close();
        } finally {
            pool.shutdown();
        }
        try (FileReplicaStore store = FileReplicaStore.open(directory)) {
            assertThat(store.get(KEY).orElseThrow().document()).isEqualTo(Integer.toString(threads * writes));
        }
        assertThat(told).hasSize(threads * writes).isSorted();
    }

    private static Void increment(ReplicaStore store, int times) throws StoreException {
        int done = 0;
        while (done < times) {
            StoredRecord record = store.get(KEY).orElseThrow();
            try {
                store.put(KEY, record.version(), Integer.toString(Integer.parseInt(record.document()) + 1), 0);
                done++;
            } catch (VersionConflictException e) {
                Thread.onSpinWait();
            }
        }
        return null;
    }

    /** Power is lost at every operation in turn: whatever was acknowledged is there, and nothing that was not begun. */
    @SeededTest(runs = 20)
    void losesNothingAcknowledgedWhereverPowerIsLost(RandomGenerator random) throws Exception {
        int crashAt = 0;
        boolean crashed = true;
        while (crashed) {
            CrashingStorage disk = CrashingStorage.empty(crashAt++);
            Map<RecordKey, Optional<String>> acknowledged = new TreeMap<>();
            Map<RecordKey, Optional<String>> unsure = new TreeMap<>();
            work(disk, random, acknowledged, unsure);
            crashed = disk.isOut();
            CrashingStorage left = disk.afterPowerLoss(random, Integer.MAX_VALUE);
            try (FileReplicaStore store = FileReplicaStore.open(left, 300)) {
                acknowledged.forEach((key, document) -> {
                    if (!unsure.containsKey(key)) {
                        assertThat(read(store, key)).isEqualTo(document);
                    } else {
                        assertThat(read(store, key)).isIn(document, unsure.getOrDefault(key, document));
                    }
                });
            }
        }
        assertThat(crashAt).isGreaterThan(60);
    }

    private static Optional<String> read(ReplicaStore store, RecordKey key) {
        try {
            return store.get(key).map(StoredRecord::document);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    private static void work(
            CrashingStorage disk,
            RandomGenerator random,
            Map<RecordKey, Optional<String>> acknowledged,
            Map<RecordKey, Optional<String>> unsure) {
        try (FileReplicaStore store = FileReplicaStore.open(disk, 300)) {
            for (int i = 0; i < 25; i++) {
                RecordKey key = new RecordKey("k", "r" + random.nextInt(4));
                acknowledged.putIfAbsent(key, Optional.empty());
                Optional<StoredRecord> present = store.get(key);
                boolean remove = present.isPresent() && random.nextInt(4) == 0;
                String document = "document-" + i;
                unsure.put(key, remove ? Optional.empty() : Optional.of(document));
                if (remove) {
                    store.remove(key, present.get().version(), 0);
                } else {
                    store.put(key, present.map(StoredRecord::version).orElse(0L), document, 0);
                }
                acknowledged.put(key, remove ? Optional.empty() : Optional.of(document));
                unsure.remove(key);
            }
        } catch (StoreException e) {
            assertThat(disk.isOut()).as("%s", e).isTrue();
        }
    }

    @Test
    void refusesDamageInTheMiddleAndDropsATornEnd() throws Exception {
        CrashingStorage disk = CrashingStorage.empty(Integer.MAX_VALUE);
        try (FileReplicaStore store = FileReplicaStore.open(disk, 1 << 20)) {
            store.put(KEY, 0, "first", 0);
            store.put(KEY, 1, "second", 0);
            store.put(KEY, 2, "third", 0);
        }
        byte[] whole = disk.bytes("state-1.journal");
        for (int at = JournalFormat.HEADER; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            disk.replace("state-1.journal", damaged);
            int frame = (whole.length - JournalFormat.HEADER) / 3;
            boolean inTheLast = at >= whole.length - frame - 1;
            try (FileReplicaStore store = FileReplicaStore.open(disk, 1 << 20)) {
                assertThat(inTheLast).as("byte %d", at).isTrue();
                assertThat(store.get(KEY).orElseThrow().document()).isIn("second", "third");
            } catch (StoreException e) {
                assertThat(e).hasMessageContaining("state-1.journal").hasMessageContaining("damaged");
                assertThat(e.retry()).isEqualTo(Retry.PERMANENT);
            }
        }
        for (int length = JournalFormat.HEADER; length < whole.length; length++) {
            disk.replace("state-1.journal", java.util.Arrays.copyOf(whole, length));
            try (FileReplicaStore store = FileReplicaStore.open(disk, 1 << 20)) {
                assertThat(store.list("replica")).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void goesOnAfterAFullDiskHasRoomAgain() throws Exception {
        FullDisk disk = new FullDisk(FileStorage.open(directory));
        try (FileReplicaStore store = FileReplicaStore.open(disk, 1 << 20)) {
            store.put(KEY, 0, "before", 0);
            disk.full = true;
            assertThatThrownBy(() -> store.put(KEY, 1, "lost", 0))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.retry()).isEqualTo(Retry.TRANSIENT))
                    .hasMessageContaining("is the disk full?");
            assertThat(store.get(KEY).orElseThrow().document()).isEqualTo("before");
            disk.full = false;
            store.put(KEY, 1, "after", 0);
        }
        try (FileReplicaStore store = FileReplicaStore.open(directory)) {
            assertThat(store.get(KEY).orElseThrow().document()).isEqualTo("after");
        }
    }

    @Test
    void readsTheGoldenFiles() throws Exception {
        for (String name : List.of("state-2.snapshot", "state-2.journal")) {
            Files.write(directory.resolve(name), HexFormat.of().parseHex(golden(name)));
        }
        try (FileReplicaStore store = FileReplicaStore.open(directory)) {
            assertThat(store.list("replica")).containsExactly(new StoredRecord(KEY, 2, "{\"host\":\"b\"}"));
            assertThat(store.list("profile"))
                    .containsExactly(new StoredRecord(new RecordKey("profile", "web"), 1, "{\"vm\":\"web\"}"));
            assertThatThrownBy(() -> store.put(KEY, 2, "x", 6)).isInstanceOf(FencedWriteException.class);
            assertThat(store.put(new RecordKey("replica", "gone"), 0, "x", 7).version())
                    .isEqualTo(2);
        }
    }

    @Test
    void writesTheGoldenFiles() throws Exception {
        CrashingStorage disk = CrashingStorage.empty(Integer.MAX_VALUE);
        try (FileReplicaStore store = FileReplicaStore.open(disk, 190)) {
            store.put(new RecordKey("replica", "gone"), 0, "{}", 7);
            store.remove(new RecordKey("replica", "gone"), 1, 7);
            store.put(KEY, 0, "{\"host\":\"a\"}", 7);
            store.put(KEY, 1, "{\"host\":\"b\"}", 7);
            store.put(new RecordKey("profile", "web"), 0, "{\"vm\":\"web\"}", 7);
        }
        for (String name : List.of("state-2.snapshot", "state-2.journal")) {
            assertThat(HexFormat.of().formatHex(disk.bytes(name)))
                    .as("%s", disk.names())
                    .isEqualTo(golden(name));
        }
    }

    private static String golden(String name) throws java.io.IOException {
        try (InputStream golden = Objects.requireNonNull(
                FileReplicaStoreTest.class.getResourceAsStream("golden/" + name + ".hex"), name)) {
            return new String(golden.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII).replaceAll("\\s", "");
        }
    }

    /** Writes fail while it is full; what is cut off frees room. */
    private static final class FullDisk implements Storage {
        private final Storage disk;
        private boolean full;

        FullDisk(Storage disk) {
            this.disk = disk;
        }

        @Override
        public String location() {
            return disk.location();
        }

        @Override
        public List<String> names() throws java.io.IOException {
            return disk.names();
        }

        @Override
        public byte[] read(String name) throws java.io.IOException {
            return disk.read(name);
        }

        @Override
        public Appender append(String name) throws java.io.IOException {
            Appender file = disk.append(name);
            return new Appender() {
                @Override
                public void write(java.nio.ByteBuffer bytes) throws java.io.IOException {
                    if (full) {
                        file.write(bytes.slice(0, bytes.remaining() / 2));
                        throw new java.io.IOException("No space left on device");
                    }
                    file.write(bytes);
                }

                @Override
                public void force() throws java.io.IOException {
                    file.force();
                }

                @Override
                public void truncate(long length) throws java.io.IOException {
                    file.truncate(length);
                }

                @Override
                public void close() throws java.io.IOException {
                    file.close();
                }
            };
        }

        @Override
        public void rename(String from, String to) throws java.io.IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(String name) throws java.io.IOException {
            disk.delete(name);
        }

        @Override
        public void forceNames() throws java.io.IOException {
            disk.forceNames();
        }

        @Override
        public void close() throws java.io.IOException {
            disk.close();
        }
    }
}
