package dev.shadow.spi.metrics;

import dev.shadow.spi.HostId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.internal.Checks;

/** What a metric is measured of. */
public sealed interface MetricSubject {
    /**
     * A virtual machine, wherever it serves.
     *
     * @param id the virtual machine
     */
    record Vm(VmId id) implements MetricSubject {
        public Vm {
            Checks.present("id", id);
        }
    }

    /**
     * A host.
     *
     * @param id the host
     */
    record Host(HostId id) implements MetricSubject {
        public Host {
            Checks.present("id", id);
        }
    }
}
