package dev.shadow.sync.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.tck.property.SeededTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DeltaTest {
    private static ReadableByteChannel channel(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    private static byte[] random(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @SeededTest(runs = 200)
    void rolledChecksumEqualsTheOneOfTheWindow(RandomGenerator random) {
        byte[] bytes = random(random, 5000);
        int window = 1 + random.nextInt(2000);
        RollingChecksum sum = new RollingChecksum();
        sum.reset(bytes, 0, window);
        for (int at = 0; at + window < bytes.length; at++) {
            assertThat(sum.value()).isEqualTo(RollingChecksum.of(bytes, at, window));
            sum.roll(bytes[at], bytes[at + window]);
        }
    }

    @Test
    void checksumIsTheOneOfThePaper() {
        byte[] bytes = {1, 2, 3, (byte) 200};
        int a = 1 + 2 + 3 + 200;
        int b = 4 * 1 + 3 * 2 + 2 * 3 + 200;
        assertThat(RollingChecksum.of(bytes, 0, 4)).isEqualTo(a + (b << 16));
    }

    @SeededTest(runs = 300)
    void piecesPutTheFileTogetherAgain(RandomGenerator random) throws IOException {
        byte[] old = random(random, random.nextInt(30_000));
        byte[] now = edited(old, random);
        int block = BlockSignatures.LEAST_BLOCK << random.nextInt(3);
        BlockSignatures signatures =
                BlockSignatures.of(block, BlockSignatures.compute(channel(old), old.length, block));
        ByteArrayOutputStream rebuilt = new ByteArrayOutputStream();
        DeltaEncoder encoder = new DeltaEncoder(new DeltaEncoder.Sink() {
            @Override
            public void copy(long offset, long length) {
                rebuilt.write(old, (int) offset, (int) length);
            }

            @Override
            public void zeros(long length) {
                rebuilt.write(new byte[(int) length], 0, (int) length);
            }

            @Override
            public void literal(byte[] bytes, int offset, int length) {
                rebuilt.write(bytes, offset, length);
            }
        });
        DeltaEncoder.Read read = encoder.encode(channel(now), random.nextInt(10) == 0 ? null : signatures);
        assertThat(rebuilt.toByteArray()).isEqualTo(now);
        assertThat(read.size()).isEqualTo(now.length);
        assertThat(read.digest()).isEqualTo(Digest128.of(ByteBuffer.wrap(now)));
    }

    private static byte[] edited(byte[] old, RandomGenerator random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < old.length) {
            int run = Math.min(old.length - at, random.nextInt(20_000));
            switch (random.nextInt(4)) {
                case 0 -> out.write(old, at, run);
                case 1 -> out.writeBytes(random(random, random.nextInt(9000)));
                case 2 -> out.writeBytes(new byte[random.nextInt(20_000)]);
                default -> {
                    int from = random.nextInt(old.length);
                    out.write(old, from, Math.min(run, old.length - from));
                }
            }
            at += run + 1;
        }
        return out.toByteArray();
    }
}
