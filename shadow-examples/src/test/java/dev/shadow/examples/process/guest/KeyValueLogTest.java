package dev.shadow.examples.process.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.examples.process.guest.KeyValueLog.Entry;
import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class KeyValueLogTest {
    private final MemoryDisk disk = MemoryDisk.of(1 << 20);

    @Test
    void findsEveryKeyAgainAfterARecovery() throws IOException {
        KeyValueLog log = KeyValueLog.open(disk);
        log.append(List.of(entry("a", 10), entry("b", 0)));
        log.append(List.of(entry("a", 20)));

        KeyValueLog recovered = KeyValueLog.open(disk.copy());

        assertThat(recovered.get("a").orElseThrow()).hasSize(20);
        assertThat(recovered.get("b").orElseThrow()).isEmpty();
        assertThat(recovered.get("c")).isEmpty();
        assertThat(recovered.sequence()).isEqualTo(3);
        assertThat(recovered.usedBytes()).isEqualTo(log.usedBytes());
    }

    @Test
    void recoversMoreThanOneWindowOfRecords() throws IOException {
        MemoryDisk large = MemoryDisk.of(4 << 20);
        KeyValueLog log = KeyValueLog.open(large);
        for (int i = 0; i < 60; i++) {
            log.append(List.of(entry("k" + i, KeyValueLog.MAX_VALUE - i)));
        }

        KeyValueLog recovered = KeyValueLog.open(large.copy());

        for (int i = 0; i < 60; i++) {
            assertThat(recovered.get("k" + i).orElseThrow()).hasSize(KeyValueLog.MAX_VALUE - i);
        }
    }

    @Test
    void recordsThatEndWithTheDiskAreRecovered() throws IOException {
        MemoryDisk small = MemoryDisk.of(KeyValueLog.LOG_START + 2 * (KeyValueLog.RECORD_HEADER + 1 + 75));
        KeyValueLog log = KeyValueLog.open(small);
        log.append(List.of(entry("a", 75), entry("b", 75)));

        assertThat(KeyValueLog.open(small.copy()).sequence()).isEqualTo(2);
    }

    @Test
    void flushesBeforeItAcknowledges() throws IOException {
        KeyValueLog log = KeyValueLog.open(disk);
        long before = disk.flushes();

        log.append(List.of(entry("a", 1)));

        assertThat(disk.flushes()).isEqualTo(before + 1);
    }

    @Test
    void tornRecordIsForgottenAtEveryByte() throws IOException {
        KeyValueLog log = KeyValueLog.open(disk);
        log.append(List.of(entry("kept", 50)));
        for (int bytes = 0; bytes < entry("torn", 40).length(); bytes++) {
            MemoryDisk torn = disk.copy();
            KeyValueLog writing = KeyValueLog.open(torn);
            torn.tearNextWriteAfter(bytes);
            assertThatThrownBy(() -> writing.append(List.of(entry("torn", 40)))).isInstanceOf(IOException.class);

            KeyValueLog recovered = KeyValueLog.open(torn);

            assertThat(recovered.get("kept")).isPresent();
            assertThat(recovered.get("torn")).isEmpty();
        }
    }

    @Test
    void whatIsLeftBeyondATornRecordNeverComesBack() throws IOException {
        KeyValueLog log = KeyValueLog.open(disk);
        log.append(List.of(entry("x", 8)));
        log.append(List.of(entry("y", 8)));
        // The first record is damaged, so the log recovers as empty, with a valid second record behind the gap.
        disk.content()[KeyValueLog.LOG_START + 5] ^= 1;
        KeyValueLog recovered = KeyValueLog.open(disk);
        assertThat(recovered.sequence()).isZero();

        recovered.append(List.of(entry("z", 8)));

        KeyValueLog again = KeyValueLog.open(disk.copy());
        assertThat(again.get("z")).isPresent();
        assertThat(again.get("y")).as("the record that followed another one").isEmpty();
        assertThat(again.sequence()).isEqualTo(1);
    }

    @Test
    void fullDiskRefusesAndGoesOnReading() throws IOException {
        MemoryDisk small = MemoryDisk.of(KeyValueLog.LOG_START + 200);
        KeyValueLog log = KeyValueLog.open(small);
        log.append(List.of(entry("a", 100)));

        assertThatThrownBy(() -> log.append(List.of(entry("b", 100))))
                .isInstanceOf(DiskFullException.class)
                .hasMessageContaining("disk full: 125 bytes are needed, 4221 of 4296 are used");
        assertThat(log.get("a")).isPresent();
        log.append(List.of(entry("c", 10)));
        assertThat(log.get("c")).isPresent();
    }

    @Test
    void takesNoWritesAfterAFailedFlush() throws IOException {
        KeyValueLog log = KeyValueLog.open(disk);
        disk.failFlushes();

        assertThatThrownBy(() -> log.append(List.of(entry("a", 1)))).hasMessage("flush failed");
        assertThatThrownBy(() -> log.append(List.of(entry("b", 1)))).hasMessageContaining("could not be flushed");
        assertThat(log.get("a")).isEmpty();
    }

    @Test
    void refusesADiskThatHoldsSomethingElse() {
        disk.content()[3] = 7;

        assertThatThrownBy(() -> KeyValueLog.open(disk)).hasMessageContaining("does not hold a key-value log");
    }

    @Test
    void damagedRecordIsNotReadAsIfItWereWhole() throws IOException {
        KeyValueLog log = KeyValueLog.open(disk);
        log.append(List.of(entry("a", 100)));
        disk.content()[KeyValueLog.LOG_START + KeyValueLog.RECORD_HEADER + 50] ^= 1;

        assertThatThrownBy(() -> log.get("a")).hasMessageContaining("damaged");
    }

    @SeededTest
    void holdsWhatAMapHoldsOverAnyNumberOfRecoveries(RandomGenerator random) throws IOException {
        Map<String, Integer> model = new HashMap<>();
        KeyValueLog log = KeyValueLog.open(disk);
        for (int i = 0; i < 300; i++) {
            String key = "k" + random.nextInt(40);
            int size = random.nextInt(500);
            log.append(List.of(entry(key, size)));
            model.put(key, size);
            if (random.nextInt(20) == 0) {
                log = KeyValueLog.open(disk);
            }
        }
        for (Map.Entry<String, Integer> expected : model.entrySet()) {
            assertThat(log.get(expected.getKey()).orElseThrow()).hasSize(expected.getValue());
        }
        assertThat(log.keys()).isEqualTo(model.size());
    }

    private static Entry entry(String key, int valueBytes) {
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, (byte) 7);
        return Entry.of(key, value);
    }
}
