package dev.shadow.forecast.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.tck.property.SeededTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FailureModelFileTest {
    private static final HealthTable TABLE = Fleets.of(150, 5);
    private static final FailureModel MODEL = FailureModel.fit(TABLE, Fleets.quick(5));

    private static byte[] saved(FailureModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.save(out);
        return out.toByteArray();
    }

    private static FailureModel loaded(byte[] file) throws IOException {
        return FailureModel.load(new ByteArrayInputStream(file));
    }

    /** Makes checksums fit again, as one who means harm would. */
    private static byte[] sealed(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        buffer.putInt(16, FailureModelFormat.checksum(file, 16));
        byte[] content = Arrays.copyOfRange(file, 20, file.length - 4);
        buffer.putInt(file.length - 4, FailureModelFormat.checksum(content, content.length));
        return file;
    }

    @Test
    void comesBackAsItWasSaved() throws IOException {
        FailureModel back = loaded(saved(MODEL));
        assertThat(back.fittedOn()).isEqualTo(MODEL.fittedOn());
        assertThat(back.alarms().points()).isEqualTo(MODEL.alarms().points());
        assertThat(back.judge(TABLE, 3)).isEqualTo(MODEL.judge(TABLE, 3));
        assertThat(saved(back)).isEqualTo(saved(MODEL));
    }

    @Test
    void nothingBehindAModelIsRead() throws IOException {
        byte[] file = saved(MODEL);
        ByteArrayInputStream in = new ByteArrayInputStream(Arrays.copyOf(file, file.length + 3));
        FailureModel.load(in);
        assertThat(in.available()).isEqualTo(3);
    }

    @Test
    void aModelThatWasReadAgreesWithTheGoldenFile() throws IOException {
        try (var golden = FailureModelFileTest.class.getResourceAsStream("golden-v1.model")) {
            assertThat(golden).isNotNull();
            byte[] file = golden.readAllBytes();
            assertThat(saved(loaded(file))).isEqualTo(file);
        }
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        byte[] file = saved(MODEL);
        for (int at = 0; at < file.length; at += at < 64 ? 1 : 997) {
            byte[] damaged = file.clone();
            damaged[at] ^= 4;
            assertThatThrownBy(() -> loaded(damaged)).as("byte %s", at).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anyCutIsFound() throws IOException {
        byte[] file = saved(MODEL);
        for (int length = 0; length < file.length; length += length < 64 ? 1 : 4999) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> loaded(cut)).as("%s bytes", length).isInstanceOf(IOException.class);
        }
    }

    @Test
    void saysWhatIsWrongWithTheHeader() throws IOException {
        byte[] file = saved(MODEL);
        byte[] foreign = file.clone();
        foreign[0] = 'X';
        assertThatThrownBy(() -> loaded(foreign)).hasMessageContaining("SHDWFAIL");
        byte[] newer = file.clone();
        newer[11] = 2;
        assertThatThrownBy(() -> loaded(sealed(newer))).hasMessageContaining("version 2");
        byte[] endless = file.clone();
        ByteBuffer.wrap(endless).putInt(12, Integer.MAX_VALUE);
        assertThatThrownBy(() -> loaded(sealed(endless))).hasMessageContaining("2147483647 bytes");
    }

    /** A file with right checksums and a wrong number anywhere is refused or gives a model that works: it never hangs. */
    @SeededTest(runs = 400)
    void aForgedModelIsRefusedOrWorks(SplittableRandom random) throws IOException {
        byte[] file = saved(MODEL);
        ByteBuffer content = ByteBuffer.wrap(file);
        int[] evil = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7ff00000, 0x7ff80000, 1 << 24};
        int reach = random.nextBoolean() ? 600 : file.length;
        content.putInt(20 + random.nextInt(reach - 28), evil[random.nextInt(evil.length)]);
        FailureModel model;
        try {
            model = loaded(sealed(file));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("failure model");
            return;
        }
        HealthTable table = HealthTable.builder(model.signals.numbers, model.signals.texts)
                .add("x", 720, new double[model.signals.numbers.size()], model.signals.texts, Outcome.UNKNOWN)
                .build();
        assertThat(model.judge(table, 3)).hasSize(1);
    }
}
