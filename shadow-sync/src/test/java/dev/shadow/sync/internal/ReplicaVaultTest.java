package dev.shadow.sync.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.InstanceId;
import dev.shadow.sync.HistoryPolicy;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplicaVaultTest {
    private static final InstanceId TARGET = InstanceId.of("b");
    private static final int OPERATIONS = 40;

    @FunctionalInterface
    private interface Step {
        void run(ReplicaVault vault) throws IOException;
    }

    private static void create(ReplicaVault vault) throws IOException {
        vault.create("vm", TARGET, 4096, 512, 0);
    }

    /** Cuts the step at every operation, by a kill and by power losses, and creates the replica afterwards. */
    private static int createAfterCutting(SimulatedStorage before, Step step) throws IOException {
        int cuts = 0;
        for (int cut = 0; cut < OPERATIONS; cut++) {
            for (int seed = 0; seed < 20; seed++) {
                SimulatedStorage machine = before.copy();
                ReplicaVault vault = ReplicaVault.recover(machine, 1 << 20, HistoryPolicy.NONE);
                machine.crashAfter(cut);
                try {
                    step.run(vault);
                } catch (SimulatedCrash crash) {
                    cuts++;
                }
                if (seed == 0) {
                    machine.restart();
                } else {
                    machine.losePower(new SplittableRandom(seed));
                }
                ReplicaVault again = ReplicaVault.recover(machine, 1 << 20, HistoryPolicy.NONE);
                create(again);
                assertThat(again.find(TARGET).orElseThrow().view().sizeBytes()).isEqualTo(4096);
            }
        }
        return cuts;
    }

    @Test
    void anInterruptedCreationIsRepeated() throws IOException {
        int cuts = createAfterCutting(SimulatedStorage.create(), ReplicaVaultTest::create);
        assertThat(cuts).isBetween(100, OPERATIONS * 20 - 1);
    }

    @Test
    void anInterruptedRemovalLetsTheReplicaBeCreatedAgain() throws IOException {
        SimulatedStorage machine = SimulatedStorage.create();
        create(ReplicaVault.recover(machine, 1 << 20, HistoryPolicy.NONE));
        machine.losePower(new SplittableRandom(1));
        int cuts = createAfterCutting(machine, vault -> vault.remove(TARGET));
        assertThat(cuts).isBetween(50, OPERATIONS * 20 - 1);
    }
}
