package dev.shadow.sync.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The invariants of the data path under random crashes, cuts, full disks and damaged frames. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplicationSimulationTest {
    private static Simulation run(SplittableRandom random, Simulation.Bug bug, int steps) throws IOException {
        SyncMode mode = random.nextBoolean() ? SyncMode.SYNCHRONOUS : SyncMode.ASYNCHRONOUS;
        LinkLossPolicy policy = random.nextBoolean() ? LinkLossPolicy.FALL_BACK : LinkLossPolicy.HOLD_WRITES;
        Simulation simulation = new Simulation(random, bug, mode, policy);
        simulation.connect();
        for (int i = 0; i < steps; i++) {
            simulation.step();
        }
        simulation.settle();
        return simulation;
    }

    @SeededTest(runs = 4000)
    void theReplicaIsAlwaysACommittedEpochAndNothingIsForgotten(SplittableRandom random) throws IOException {
        run(random, Simulation.Bug.NONE, 400);
    }

    @Test
    void theRandomWorkloadsReachVerificationSynchronousModeAndCompressedFrames() throws IOException {
        int verified = 0;
        int synchronous = 0;
        int points = 0;
        int packed = 0;
        for (int seed = 0; seed < 200; seed++) {
            Simulation simulation = run(new SplittableRandom(seed), Simulation.Bug.NONE, 400);
            verified += simulation.verified;
            points += simulation.pointsChecked;
            packed += simulation.packed > 0 ? 1 : 0;
            synchronous += simulation.synchronousWrite > 0 ? 1 : 0;
        }
        assertThat(verified).isGreaterThan(20);
        assertThat(points).isGreaterThan(200);
        assertThat(synchronous).isGreaterThan(20);
        assertThat(packed).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedBugIsFound(Simulation.Bug bug) throws IOException {
        for (int seed = 0; seed < 2000; seed++) {
            try {
                run(new SplittableRandom(seed), bug, 400);
            } catch (AssertionError found) {
                return;
            }
        }
        throw new AssertionError("2000 workloads did not notice " + bug);
    }
}
