package dev.shadow.examples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.examples.process.guest.KeyValueLog;
import dev.shadow.examples.process.guest.KeyValueServer;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.sync.DiskSpec;
import dev.shadow.sync.ReplicatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataCheckTest {
    private static final int BYTES = 64;
    private static final DrillPlan PLAN = new DrillPlan(
            SyncMode.ASYNCHRONOUS,
            DrillPlan.Victim.SOURCE_HOST,
            false,
            LinkLossPolicy.FALL_BACK,
            1 << 20,
            1,
            1,
            BYTES,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            5,
            Optional.empty(),
            false,
            Optional.empty(),
            false);

    @TempDir
    private Path directory;

    private ReplicatedDisk disk;
    private KeyValueLog log;
    private KeyValueServer server;

    @BeforeEach
    void serve() throws IOException {
        DiskSpec spec = new DiskSpec(
                VmId.of("vm"), InstanceId.of("i"), Generation.of(1), directory.resolve("image"), 1 << 20, 4096);
        disk = ReplicatedDisk.open(spec, directory.resolve("state"), InstantSource.system());
        log = KeyValueLog.open(disk);
        server = KeyValueServer.open(log, Generation.of(1), 0);
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        disk.close();
    }

    @Test
    void holdsWhenEverythingIsThere() throws IOException {
        store(1, PLAN.seed());
        store(2, PLAN.seed());

        DataCheck.Result result = check(List.of(write(1, 0, 10), write(2, 1, 3)), Optional.of(upTo(10, true)));

        assertThat(result.holds()).isTrue();
        assertThat(result.lost()).isZero();
    }

    @Test
    void missingWriteBeyondThePromotedEpochIsCountedAndAllowed() throws IOException {
        store(1, PLAN.seed());

        DataCheck.Result result = check(List.of(write(1, 0, 10), write(2, 0, 11)), Optional.of(upTo(10, false)));

        assertThat(result.holds()).isTrue();
        assertThat(result.lost()).isEqualTo(1);
        assertThat(result.lostBytes()).isEqualTo(BYTES + Payload.key(0, 2).length());
    }

    @Test
    void missingWriteWithinThePromotedEpochIsAViolation() throws IOException {
        DataCheck.Result result = check(List.of(write(1, 0, 10)), Optional.of(upTo(10, false)));

        assertThat(result.violations()).singleElement().asString().contains("c00-00000001", "is lost");
    }

    @Test
    void missingWriteOfTheNewGenerationIsAViolation() throws IOException {
        assertThat(check(List.of(write(1, 1, 99)), Optional.of(upTo(10, false))).holds())
                .isFalse();
    }

    @Test
    void missingWriteIsAViolationWhenNothingMayBeLost() throws IOException {
        assertThat(check(List.of(write(1, 0, 11)), Optional.of(upTo(10, true))).holds())
                .isFalse();
    }

    @Test
    void missingWriteIsAViolationWithoutAFailover() throws IOException {
        assertThat(check(List.of(write(1, 0, 11)), Optional.empty()).holds()).isFalse();
    }

    @Test
    void writeThatShouldBeGoneAndIsThereIsAViolation() throws IOException {
        store(1, PLAN.seed());

        DataCheck.Result result = check(List.of(write(1, 0, 11)), Optional.of(upTo(10, false)));

        assertThat(result.violations()).singleElement().asString().contains("lies beyond");
    }

    @Test
    void changedValueIsAViolation() throws IOException {
        store(1, PLAN.seed() + 1);

        DataCheck.Result result = check(List.of(write(1, 0, 10)), Optional.of(upTo(10, false)));

        assertThat(result.violations()).singleElement().asString().contains("something else");
    }

    private void store(long sequence, long seed) throws IOException {
        log.append(List.of(KeyValueLog.Entry.of(Payload.key(0, sequence), Payload.of(seed, 0, sequence, BYTES))));
    }

    private static AcknowledgedWrite write(long sequence, long generation, long number) {
        int bytes = BYTES + Payload.key(0, sequence).length();
        return new AcknowledgedWrite(0, sequence, Generation.of(generation), number, bytes, 1000 * sequence);
    }

    private static DataCheck.Promoted upTo(long lastWrite, boolean nothingMayBeLost) {
        return new DataCheck.Promoted(Generation.of(0), Generation.of(1), lastWrite, nothingMayBeLost);
    }

    private DataCheck.Result check(List<AcknowledgedWrite> writes, Optional<DataCheck.Promoted> promoted)
            throws IOException {
        return DataCheck.run(new Endpoint("127.0.0.1", server.port()), PLAN, writes, promoted);
    }
}
