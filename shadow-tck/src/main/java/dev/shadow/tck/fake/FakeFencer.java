package dev.shadow.tck.fake;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.FenceException;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.Fencer;
import dev.shadow.tck.time.VirtualTime;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** A fencing device that confirms, or cannot confirm, as a test sets it. Thread-safe. */
public final class FakeFencer implements Fencer {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link Fencer#fence}. */
        FENCE
    }

    private final Object lock = new Object();
    private final VirtualTime time;
    private final Faults<Call> faults;
    private final Consumer<InstanceId> cutOff;
    private final Map<VmId, Generation> highestSeen = new HashMap<>();
    private final Set<InstanceId> fenced = new LinkedHashSet<>();
    private FenceReport.Outcome outcome = FenceReport.Outcome.CONFIRMED;

    private FakeFencer(VirtualTime time, Consumer<InstanceId> cutOff) {
        this.time = time;
        this.cutOff = cutOff;
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns a device that confirms, and cuts instances off by calling {@code cutOff}. */
    public static FakeFencer on(VirtualTime time, Consumer<InstanceId> cutOff) {
        return new FakeFencer(time, cutOff);
    }

    /** The faults that this device is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Sets what it answers from now on; unless it confirms, it cuts nothing off. */
    public void answer(FenceReport.Outcome value) {
        synchronized (lock) {
            outcome = Objects.requireNonNull(value, "value");
        }
    }

    /** Every instance that was cut off. */
    public Set<InstanceId> fenced() {
        synchronized (lock) {
            return Set.copyOf(fenced);
        }
    }

    @Override
    public FenceReport fence(VmId vm, InstanceId instance, HostId host, CallContext context) throws FenceException {
        return faults.in(Call.FENCE, context.timeout(), FenceException::new, () -> {
            synchronized (lock) {
                Generation seen = highestSeen.getOrDefault(vm, Generation.INITIAL);
                if (context.generation().isOlderThan(seen)) {
                    throw new StaleGenerationException(vm, context.generation(), seen);
                }
                highestSeen.put(vm, context.generation());
                if (outcome == FenceReport.Outcome.UNCONFIRMED && !fenced.contains(instance)) {
                    return new FenceReport(outcome, "fake fencer", host + " did not answer", time.instant());
                }
                if (fenced.add(instance)) {
                    cutOff.accept(instance);
                }
                return new FenceReport(
                        FenceReport.Outcome.CONFIRMED, "fake fencer", instance + " was cut off", time.instant());
            }
        });
    }
}
