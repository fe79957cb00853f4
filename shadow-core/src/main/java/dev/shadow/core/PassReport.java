package dev.shadow.core;

import dev.shadow.spi.VmId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What one reconcile pass found and did.
 *
 * @param startedAt when it began
 * @param duration how long it took, at least zero
 * @param owner whether this manager owns the control plane; if not, it did nothing
 * @param vms one entry for each virtual machine that has a profile or something left to clear up,
 *     higher priority first
 * @param problems what went wrong outside of any one virtual machine, for a person
 */
public record PassReport(Instant startedAt, Duration duration, boolean owner, List<VmPass> vms, List<String> problems) {
    public PassReport {
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(duration, "duration");
        vms = List.copyOf(vms);
        problems = List.copyOf(problems);
    }

    /** Says whether there was nothing to do, nothing wrong, and every wanted shadow is ready. */
    public boolean isSettled() {
        return owner && problems.isEmpty() && vms.stream().allMatch(VmPass::isSettled);
    }

    /**
     * What the pass found and did for one virtual machine.
     *
     * @param vm the virtual machine
     * @param wanted shadows wanted now, 0 to 16
     * @param ready shadows in state {@code STANDBY}
     * @param actions what was done, in order, for a person
     * @param problems what could not be done and will be tried again, for a person
     */
    public record VmPass(VmId vm, int wanted, int ready, List<String> actions, List<String> problems) {
        public VmPass {
            Objects.requireNonNull(vm, "vm");
            actions = List.copyOf(actions);
            problems = List.copyOf(problems);
        }

        /** Says whether there was nothing to do, nothing wrong, and every wanted shadow is ready. */
        public boolean isSettled() {
            return ready >= wanted && actions.isEmpty() && problems.isEmpty();
        }
    }
}
