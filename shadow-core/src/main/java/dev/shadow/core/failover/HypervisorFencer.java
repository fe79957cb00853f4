package dev.shadow.core.failover;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.HypervisorException;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.failover.FenceException;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.Fencer;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/**
 * Fences by asking the hypervisor to pause the instance, and confirms only what the hypervisor confirms:
 * that it paused it, or that the host has no such instance. While the host does not answer it confirms
 * nothing, so that dead hosts need a fencer with a means of its own. Thread-safe if the hypervisor is.
 */
public final class HypervisorFencer implements Fencer {
    private static final String NAME = "hypervisor";

    private final Hypervisor hypervisor;
    private final InstantSource clock;

    private HypervisorFencer(Hypervisor hypervisor, InstantSource clock) {
        this.hypervisor = Objects.requireNonNull(hypervisor, "hypervisor");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Returns a fencer that asks {@code hypervisor}. */
    public static HypervisorFencer over(Hypervisor hypervisor, InstantSource clock) {
        return new HypervisorFencer(hypervisor, clock);
    }

    @Override
    public FenceReport fence(VmId vm, InstanceId instance, HostId host, CallContext context) throws FenceException {
        try {
            Optional<InstanceDescription> before = hypervisor.describe(instance, host, context.timeout());
            if (before.isEmpty()) {
                return confirmed("host " + host + " answers that it has no instance " + instance);
            }
            hypervisor.pause(instance, host, context);
            Optional<InstanceDescription> after = hypervisor.describe(instance, host, context.timeout());
            if (after.isPresent() && isRunning(after.get())) {
                return new FenceReport(
                        FenceReport.Outcome.UNCONFIRMED,
                        NAME,
                        "host " + host + " answers that " + instance + " is "
                                + after.get().power() + " after a pause",
                        clock.instant());
            }
            return confirmed("host " + host + " answers that " + instance + " is "
                    + after.map(d -> d.power().name()).orElse("gone"));
        } catch (HypervisorException e) {
            throw new FenceException(
                    e.retry(), "instance " + instance + " on " + host + " could not be paused: " + e.getMessage(), e);
        }
    }

    private static boolean isRunning(InstanceDescription instance) {
        return instance.power() == PowerState.RUNNING;
    }

    private FenceReport confirmed(String evidence) {
        return new FenceReport(
                FenceReport.Outcome.CONFIRMED,
                NAME,
                evidence.length() > 500 ? evidence.substring(0, 500) : evidence,
                clock.instant());
    }
}
