package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Tier;
import dev.shadow.spi.internal.Checks;
import dev.shadow.spi.inventory.VmDescription;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Asks for hosts for the shadows of one virtual machine.
 *
 * @param vm the virtual machine; its host is the primary's
 * @param tiers one entry per wanted shadow, in the order of activation: what it must not share with the
 *     primary; at least one
 * @param occupied hosts that already hold an instance of the virtual machine and stay
 * @param excluded hosts that must not be used, whatever the reason
 * @param latencyBudget greatest latency between the primary's host and a shadow's, more than zero
 */
public record SelectionRequest(
        VmDescription vm, List<Tier> tiers, Set<HostId> occupied, Set<HostId> excluded, Duration latencyBudget) {
    public SelectionRequest {
        Checks.present("vm", vm);
        tiers = Checks.list("tiers", tiers);
        Checks.range("tiers.size", tiers.size(), 1, 16);
        occupied = Set.copyOf(Checks.present("occupied", occupied));
        excluded = Set.copyOf(Checks.present("excluded", excluded));
        Checks.positive("latencyBudget", latencyBudget);
    }
}
