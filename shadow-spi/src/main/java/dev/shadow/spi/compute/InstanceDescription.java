package dev.shadow.spi.compute;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.internal.Checks;
import java.util.Optional;

/**
 * An instance as its hypervisor sees it.
 *
 * @param id the instance
 * @param vm the virtual machine that it is an instance of
 * @param host where it is
 * @param power what it is doing
 * @param generation highest generation that the hypervisor saw for it
 * @param endpoint where its service answers; present when {@code RUNNING}
 */
public record InstanceDescription(
        InstanceId id, VmId vm, HostId host, PowerState power, Generation generation, Optional<Endpoint> endpoint) {
    public InstanceDescription {
        Checks.present("id", id);
        Checks.present("vm", vm);
        Checks.present("host", host);
        Checks.present("power", power);
        Checks.present("generation", generation);
        Checks.present("endpoint", endpoint);
        if (power == PowerState.RUNNING && endpoint.isEmpty()) {
            throw Checks.refused("endpoint", null, "be given for a running instance");
        }
    }
}
