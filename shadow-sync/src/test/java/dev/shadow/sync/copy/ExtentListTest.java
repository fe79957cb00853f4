package dev.shadow.sync.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtentListTest {
    @TempDir
    Path directory;

    private ExtentList read(String text) throws IOException {
        return ExtentList.read(Files.writeString(directory.resolve("list"), text));
    }

    @Test
    void readsRangesAndJoinsThoseThatTouch() throws IOException {
        ExtentList list = read("# offset length\n0 4096\n4096\t4096\n\n 20000 1 \n");

        assertThat(list)
                .isEqualTo(ExtentList.builder().add(0, 8192).add(20000, 1).build())
                .hasToString("2 ranges of 8193 bytes");
        assertThat(list.end()).isEqualTo(20001);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5           | be an offset and a length in bytes, was '5'",
                "5 6 7       | be an offset and a length in bytes, was '5 6 7'",
                "a 6         | be an offset and a length in bytes, was 'a 6'",
                "99999999999999999999 1 | be an offset and a length in bytes, was '99999999999999999999 1'",
                "5 10        | not begin before the range in front of it ends, at 10, was offset 5",
                "-5 10       | not begin before the range in front of it ends, at 10, was offset -5",
                "10 0        | be at least 1 and end within 9223372036854775807, was length 0",
                "10 9223372036854775807 | be at least 1 and end within 9223372036854775807, was length 9223372036854775807"
            })
    void namesTheLineThatIsWrong(String line, String complaint) {
        assertThatThrownBy(() -> read("0 10\n" + line + "\n"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(directory.resolve("list") + " line 2 must " + complaint);
    }

    @SeededTest
    void aUnionHasWhatEitherHas(RandomGenerator random) throws IOException {
        BitSet one = bits(random);
        BitSet other = bits(random);
        BitSet both = (BitSet) one.clone();
        both.or(other);

        assertThat(list(one).union(list(other))).isEqualTo(list(both));

        Path file = directory.resolve("written");
        list(both).write(file);
        assertThat(ExtentList.read(file)).isEqualTo(list(both)).hasSameHashCodeAs(list(both));
    }

    private static BitSet bits(RandomGenerator random) {
        BitSet bits = new BitSet();
        for (int i = random.nextInt(20); i > 0; i--) {
            int from = random.nextInt(200);
            bits.set(from, from + 1 + random.nextInt(20));
        }
        return bits;
    }

    private static ExtentList list(BitSet bits) {
        ExtentList.Builder list = ExtentList.builder();
        for (int from = bits.nextSetBit(0); from >= 0; from = bits.nextSetBit(bits.nextClearBit(from))) {
            list.add(from, bits.nextClearBit(from) - from);
        }
        return list.build();
    }
}
