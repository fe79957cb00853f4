package dev.shadow.forecast.stream;

import static dev.shadow.forecast.stream.Streams.LEVELS;
import static dev.shadow.forecast.stream.Streams.fed;
import static dev.shadow.forecast.stream.Streams.feed;
import static dev.shadow.forecast.stream.Streams.numbers;
import static dev.shadow.forecast.stream.Streams.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.forecast.Nasty;
import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class StreamFormatTest {
    @SeededTest(runs = 20)
    void restoredStreamForecastsTheSameNowAndLater(RandomGenerator random) throws IOException {
        int season = random.nextInt(3) == 0 ? 1 : 2 + random.nextInt(300);
        DemandStream stream = fed(season, Nasty.values(random, 8 + random.nextInt(900)));

        DemandStream restored = DemandStream.fromBytes(stream.toBytes());

        assertThat(numbers(restored.forecast(300, LEVELS))).isEqualTo(numbers(stream.forecast(300, LEVELS)));
        double[] news = Nasty.values(random, 400);
        feed(stream, news);
        feed(restored, news);
        assertThat(numbers(restored.forecast(300, LEVELS))).isEqualTo(numbers(stream.forecast(300, LEVELS)));
        assertThat(restored.toBytes()).isEqualTo(stream.toBytes());
        assertThat(restored.options()).isEqualTo(stream.options());
    }

    @Test
    void restoresAStreamThatHasSeenNothing() throws IOException {
        DemandStream restored = DemandStream.fromBytes(opened(24).toBytes());

        restored.update(3);

        assertThat(numbers(restored.forecast(4, LEVELS)))
                .isEqualTo(numbers(fed(24, 3).forecast(4, LEVELS)));
    }

    @Test
    void takesLittleRoom() {
        double[] values = new double[3000];
        Arrays.setAll(values, t -> Math.sin(t) * (t % 17));

        assertThat(fed(1, values).toBytes()).hasSizeLessThan(25_000);
        assertThat(fed(288, values).toBytes()).hasSizeLessThan(60_000);
    }

    @Test
    void readsTheGoldenFile() throws IOException {
        byte[] golden = golden();
        DemandStream stream = DemandStream.fromBytes(golden);

        assertThat(stream.toBytes()).isEqualTo(golden);
        assertThat(numbers(stream.forecast(24, LEVELS)))
                .isEqualTo(numbers(goldenStream().forecast(24, LEVELS)));
    }

    /** A day of hours for ten days with a gap, in numbers that every machine computes alike. */
    static DemandStream goldenStream() {
        DemandStream stream = opened(24);
        for (int t = 0; t < 240; t++) {
            stream.update(t % 50 == 49 ? Double.NaN : 20 + t % 24 + t * 31 % 7 / 4.0);
        }
        return stream;
    }

    private static byte[] golden() throws IOException {
        try (InputStream in = StreamFormatTest.class.getResourceAsStream("golden-v1.stream")) {
            return Objects.requireNonNull(in, "golden-v1.stream").readAllBytes();
        }
    }

    @SeededTest(runs = 200)
    void refusesDamagedBytes(RandomGenerator random) throws IOException {
        byte[] bytes = golden();
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));

        assertThatThrownBy(() -> DemandStream.fromBytes(bytes)).isInstanceOf(IOException.class);
    }

    @SeededTest(runs = 100)
    void refusesBytesCutShortOrFollowedByOthers(RandomGenerator random) throws IOException {
        byte[] bytes = golden();
        int length = random.nextBoolean() ? random.nextInt(bytes.length) : bytes.length + 1 + random.nextInt(20);

        assertThatThrownBy(() -> DemandStream.fromBytes(Arrays.copyOf(bytes, length)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> DemandStream.fromBytes(sealed(Arrays.copyOf(bytes, length))))
                .isInstanceOf(IOException.class);
    }

    /** With the checksum put right, any content is either refused or gives finite forecasts. */
    @SeededTest(runs = 400)
    void survivesForgedContent(RandomGenerator random) throws IOException {
        byte[] bytes = golden();
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes[12 + random.nextInt(bytes.length - 16)] = (byte) random.nextInt();
        }
        DemandStream stream;
        try {
            stream = DemandStream.fromBytes(sealed(bytes));
        } catch (IOException refused) {
            assertThat(refused).hasMessageNotContaining("null");
            return;
        }
        feed(stream, 1, Double.NaN, 5);
        stream.forecast(40, LEVELS);
        assertThat(DemandStream.fromBytes(stream.toBytes()).toBytes()).isEqualTo(stream.toBytes());
    }

    @Test
    void takesNoMemoryForASeasonThatTheBytesCannotHold() throws IOException {
        byte[] bytes = golden();
        ByteBuffer.wrap(bytes).putInt(20, 100_000);

        assertThatThrownBy(() -> DemandStream.fromBytes(sealed(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a season of 100000 steps does not fit into");
    }

    @Test
    void refusesAnUnknownVersion() throws IOException {
        byte[] bytes = golden();
        ByteBuffer.wrap(bytes).putInt(8, 2);

        assertThatThrownBy(() -> DemandStream.fromBytes(sealed(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessage("format version 2 is not known, only 1");
    }

    private static byte[] sealed(byte[] bytes) {
        if (bytes.length >= 4) {
            CRC32C checksum = new CRC32C();
            checksum.update(bytes, 0, bytes.length - 4);
            ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
        }
        return bytes;
    }
}
