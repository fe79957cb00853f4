package dev.shadow.spi.compute;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import dev.shadow.spi.internal.Checks;

/**
 * A standby instance to be created.
 *
 * @param id names the instance; chosen by the manager
 * @param vm the virtual machine that it shadows
 * @param host where it is to be created
 * @param size what it will take once it runs; {@code diskBytes} is the size of its disk
 */
public record InstanceSpec(InstanceId id, VmId vm, HostId host, Resources size) {
    public InstanceSpec {
        Checks.present("id", id);
        Checks.present("vm", vm);
        Checks.present("host", host);
        Checks.present("size", size);
    }
}
