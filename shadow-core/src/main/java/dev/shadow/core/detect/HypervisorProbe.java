package dev.shadow.core.detect;

import dev.shadow.spi.HostId;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.HypervisorException;
import dev.shadow.spi.failover.DetectionException;
import dev.shadow.spi.failover.HostProbe;
import java.time.Duration;
import java.util.Objects;

/** Takes a host for alive when the hypervisor can list its instances. Thread-safe if the hypervisor is. */
public final class HypervisorProbe implements HostProbe {
    private final Hypervisor hypervisor;

    private HypervisorProbe(Hypervisor hypervisor) {
        this.hypervisor = Objects.requireNonNull(hypervisor, "hypervisor");
    }

    /** Returns a probe that asks {@code hypervisor}. */
    public static HypervisorProbe over(Hypervisor hypervisor) {
        return new HypervisorProbe(hypervisor);
    }

    @Override
    public void probe(HostId host, Duration timeout) throws DetectionException {
        try {
            Objects.requireNonNull(hypervisor.instances(host, timeout), "instances");
        } catch (HypervisorException e) {
            throw new DetectionException(
                    e.retry(), "the instances of host " + host + " could not be listed: " + e.getMessage(), e);
        }
    }
}
