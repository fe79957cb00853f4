package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class LstmNetworkTest {
    private static final LstmNetwork NETWORK = new LstmNetwork(
            Parameters.random(8, new SplittableRandom(1)), new LstmNetwork.Training(true, 11, 3, 500, 0.25));

    private static byte[] saved() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NETWORK.save(out);
        return out.toByteArray();
    }

    private static LstmNetwork loaded(byte[] file) throws IOException {
        return LstmNetwork.load(new ByteArrayInputStream(file));
    }

    @Test
    void comesBackAsItWasSaved() throws IOException {
        LstmNetwork back = loaded(saved());
        assertThat(back.training()).isEqualTo(NETWORK.training());
        assertThat(back.parameters().blocks).isDeepEqualTo(NETWORK.parameters().blocks);
    }

    @Test
    void isWrittenToTheLastBitAsBefore() throws IOException {
        try (var golden = LstmNetworkTest.class.getResourceAsStream("golden-v1.model")) {
            assertThat(golden).isNotNull();
            assertThat(saved()).isEqualTo(golden.readAllBytes());
        }
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        byte[] file = saved();
        for (int at = 0; at < file.length; at += at < 64 ? 1 : 97) {
            byte[] damaged = file.clone();
            damaged[at] ^= 16;
            assertThatThrownBy(() -> loaded(damaged)).as("byte %s", at).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anyCutIsFound() throws IOException {
        byte[] file = saved();
        for (int length = 0; length < file.length; length += length < 64 ? 1 : 997) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> loaded(cut)).as("%s bytes", length).isInstanceOf(IOException.class);
        }
    }

    @Test
    void hugeSizesAreRefusedBeforeMemoryIsTaken() throws IOException {
        byte[] file = saved();
        ByteBuffer header = ByteBuffer.wrap(file);
        header.putInt(12, Integer.MAX_VALUE);
        CRC32C checksum = new CRC32C();
        checksum.update(file, 0, 52);
        header.putInt(52, (int) checksum.getValue());
        assertThatThrownBy(() -> loaded(file)).isInstanceOf(IOException.class).hasMessageContaining("2147483647 cells");
    }
}
