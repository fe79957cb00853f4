package dev.shadow.sync.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCopyTest {
    private static final int SIZE = 3 << 20;

    @TempDir
    Path directory;

    private Path source;
    private Path target;
    private byte[] old = new byte[0];
    private byte[] fresh = new byte[0];

    @BeforeEach
    void makeImages() throws IOException {
        source = directory.resolve("source.img");
        target = directory.resolve("target.img");
        fresh = filled((byte) 1);
        old = filled((byte) 2);
        Files.write(source, fresh);
        Files.write(target, old);
    }

    private static byte[] filled(byte value) {
        byte[] bytes = new byte[SIZE];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static ExtentList extents(long... offsetsAndLengths) {
        ExtentList.Builder builder = ExtentList.builder();
        for (int i = 0; i < offsetsAndLengths.length; i += 2) {
            builder.add(offsetsAndLengths[i], offsetsAndLengths[i + 1]);
        }
        return builder.build();
    }

    private Path marker() {
        return directory.resolve("target.img" + ImageCopy.MARKER_SUFFIX);
    }

    @SeededTest
    void copiesExactlyTheRangesWhateverTheyAre(RandomGenerator random) throws IOException {
        random.nextBytes(fresh);
        Arrays.fill(fresh, SIZE / 2, SIZE / 2 + random.nextInt(SIZE / 2), (byte) 0);
        Files.write(source, fresh);
        Files.write(target, old);
        ExtentList.Builder ranges = ExtentList.builder();
        byte[] expected = old.clone();
        int at = random.nextInt(100_000);
        while (at < SIZE) {
            int length = Math.min(SIZE - at, 1 + random.nextInt(600_000));
            ranges.add(at, length);
            System.arraycopy(fresh, at, expected, at, length);
            at += length + random.nextInt(300_000);
        }
        CopyOptions options = new CopyOptions(1 + random.nextInt(4), random.nextBoolean());

        AtomicLong told = new AtomicLong();
        CopyResult result = ImageCopy.copy(source, target, ranges.build(), options, told::addAndGet);

        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        assertThat(result.bytes()).isEqualTo(ranges.build().bytes()).isEqualTo(told.get());
        assertThat(result.writtenBytes()).isEqualTo(result.bytes());
        assertThat(marker()).doesNotExist();
    }

    @Test
    void makesATargetThatIsMissing() throws IOException {
        Files.delete(target);

        ImageCopy.copy(source, target, extents(4096, 8192), CopyOptions.defaults());

        byte[] expected = new byte[SIZE];
        Arrays.fill(expected, 4096, 4096 + 8192, (byte) 1);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
    }

    @Test
    void writesZerosOnlyWhereTheTargetIsNotZero() throws IOException {
        Arrays.fill(fresh, (byte) 0);
        Files.write(source, fresh);
        Arrays.fill(old, 0, SIZE - (256 << 10), (byte) 0);
        Files.write(target, old);

        CopyResult result = ImageCopy.copy(source, target, extents(0, SIZE), CopyOptions.defaults());

        assertThat(result.writtenBytes()).isEqualTo(256 << 10);
        assertThat(Files.readAllBytes(target)).isEqualTo(fresh);
    }

    @Test
    void finishesWhatADeadCopyLeftOver() throws IOException {
        assertThatThrownBy(() -> ImageCopy.copy(
                        source, target, extents(0, 4096, 1 << 20, 4096), CopyOptions.defaults(), bytes -> {
                            throw new UncheckedIOException(new IOException("the process dies here"));
                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(marker()).exists();

        CopyResult result = ImageCopy.copy(source, target, extents(8192, 4096), CopyOptions.defaults());

        assertThat(result.resumedBytes()).isEqualTo(8192);
        byte[] expected = old.clone();
        Arrays.fill(expected, 0, 4096, (byte) 1);
        Arrays.fill(expected, 8192, 12288, (byte) 1);
        Arrays.fill(expected, 1 << 20, (1 << 20) + 4096, (byte) 1);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        assertThat(marker()).doesNotExist();
    }

    @Test
    void refusesABrokenListOfWhatIsLeftOver() throws IOException {
        Files.writeString(marker(), "12 cats\n");

        assertThatThrownBy(() -> ImageCopy.copy(source, target, extents(0, 1), CopyOptions.defaults()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(marker() + " line 1 must be an offset and a length in bytes, was '12 cats'");
        assertThat(Files.readAllBytes(target)).isEqualTo(old);
    }

    @Test
    void refusesARangeBeyondTheSource() throws IOException {
        assertThatThrownBy(() -> ImageCopy.copy(source, target, extents(SIZE - 1, 2), CopyOptions.defaults()))
                .hasMessage("extents must lie within the " + SIZE + " bytes of the source, was a range up to "
                        + (SIZE + 1));
        assertThat(Files.readAllBytes(target)).isEqualTo(old);
    }

    @Test
    void refusesATargetOfAnotherLength() throws IOException {
        Files.write(target, new byte[17]);

        assertThatThrownBy(() -> ImageCopy.copy(source, target, extents(0, 1), CopyOptions.defaults()))
                .hasMessage("target must have the " + SIZE + " bytes of the source, was " + target + " of 17 bytes");
    }

    @Test
    void refusesToCopyAnImageOntoItself() throws IOException {
        Path alias = Files.createSymbolicLink(directory.resolve("alias"), source);

        assertThatThrownBy(() -> ImageCopy.copy(source, alias, extents(0, 1), CopyOptions.defaults()))
                .hasMessage("target must not be the source itself, was " + alias);
    }

    @Test
    void saysWhichImageIsMissing() {
        assertThatIOException()
                .isThrownBy(
                        () -> ImageCopy.copy(directory.resolve("none"), target, extents(0, 1), CopyOptions.defaults()))
                .withMessageContaining("none");
    }

    @Test
    void refusesNonsenseThreads() {
        assertThatThrownBy(() -> new CopyOptions(0, false)).hasMessage("threads must be from 1 to 64, was 0");
    }
}
