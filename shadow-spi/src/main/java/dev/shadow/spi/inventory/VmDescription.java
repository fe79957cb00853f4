package dev.shadow.spi.inventory;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import dev.shadow.spi.internal.Checks;
import java.util.List;
import java.util.Set;

/**
 * A virtual machine as the platform knows it.
 *
 * @param id the virtual machine
 * @param instance the instance that serves, as its hypervisor names it
 * @param host where that instance runs
 * @param size what it was given; {@code diskBytes} is the size of its disk
 * @param licenses products that it carries
 * @param dataSets data sets that it reads; being near them counts in placement; identifiers
 */
public record VmDescription(
        VmId id, InstanceId instance, HostId host, Resources size, List<LicenseDemand> licenses, Set<String> dataSets) {
    public VmDescription {
        Checks.present("id", id);
        Checks.present("instance", instance);
        Checks.present("host", host);
        Checks.present("size", size);
        licenses = Checks.list("licenses", licenses);
        dataSets = Set.copyOf(Checks.present("dataSets", dataSets));
        dataSets.forEach(d -> Checks.identifier("dataSets", d));
    }
}
