package dev.shadow.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.HostId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.tck.contract.MetricsSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceMetricsTest extends MetricsSourceContract {
    private static final VmId VM = VmId.of("traced");
    private static final Instant ORIGIN = Instant.parse("2024-03-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMillis(250);

    @TempDir
    private Path directory;

    private Path recording;
    private Instant now = ORIGIN.plusSeconds(3600);
    private MetricsSource source;

    @BeforeEach
    void record() throws IOException {
        recording = directory.resolve("load.csv");
        Files.writeString(recording, "sample,cpu_percent\n0,1\n1,2\n2,3\n3,NA\n4,5\n5,6\n");
        InstantSource clock = () -> now;
        source = TraceMetrics.replaying(VM, Set.of(HostId.of("h1")), recording, ORIGIN, STEP, clock);
    }

    @Override
    protected MetricsSource source() {
        return source;
    }

    @Override
    protected MetricSubject subject() {
        return new MetricSubject.Vm(VM);
    }

    @Override
    protected MetricSubject unmeasured() {
        return new MetricSubject.Host(HostId.of("h1"));
    }

    @Override
    protected Instant start() {
        return ORIGIN;
    }

    @Override
    protected Duration step() {
        return STEP;
    }

    @Override
    protected void makeUnreachable() throws Exception {
        Files.deleteIfExists(recording);
    }

    @Test
    void tellsNothingThatIsStillToCome() throws Exception {
        now = ORIGIN.plus(STEP.multipliedBy(2));

        assertThat(source.latest(subject(), Metric.CPU_PERCENT, timeout())
                        .orElseThrow()
                        .value())
                .isEqualTo(3);
        assertThat(source.history(subject(), Metric.CPU_PERCENT, ORIGIN, ORIGIN.plusSeconds(60), timeout())
                        .values())
                .containsExactly(1, 2, 3);
    }

    @Test
    void shippedRecordingRisesOverThirtyPercentOnItsLastDay() throws Exception {
        Path shipped = directory.resolve("shipped.csv");
        Trace.copyTo(shipped);
        double[] samples = Trace.read(shipped);

        assertThat(samples).hasSize(8 * Trace.SAMPLES_PER_DAY);
        assertThat(Trace.crossing(samples, 7 * Trace.SAMPLES_PER_DAY, 30)).isBetween(7 * 288 + 100, 7 * 288 + 130);
    }

    @Test
    void refusesAFileThatIsNoRecording() throws Exception {
        Files.writeString(recording, "sample,cpu_percent\n0,much\n");

        assertThatThrownBy(() -> Trace.read(recording))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("much");
    }
}
