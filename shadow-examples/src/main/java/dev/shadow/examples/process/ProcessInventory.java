package dev.shadow.examples.process;

import dev.shadow.examples.process.host.AgentMessages;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.inventory.InventoryException;
import dev.shadow.spi.inventory.VmDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet as a platform would know it. Where a virtual machine runs is asked of the agents: the running instance
 * of the highest generation. While no agent reports one, the last known place holds. May be shared.
 */
public final class ProcessInventory implements Inventory {
    private static final Duration WITHIN_A_ZONE = Duration.ofNanos(200_000);
    private static final Duration BETWEEN_ZONES = Duration.ofNanos(900_000);
    private static final double COST_PER_HOUR = 1.0;

    private static final Logger LOG = LoggerFactory.getLogger(ProcessInventory.class);

    private final Agents agents;
    private final Map<VmId, InstanceDescription> lastKnown = new ConcurrentHashMap<>();

    private ProcessInventory(Agents agents) {
        this.agents = agents;
    }

    /** Returns the inventory of a fleet. */
    public static ProcessInventory over(Agents agents) {
        return new ProcessInventory(agents);
    }

    @Override
    public List<HostDescription> hosts(Duration timeout) {
        return agents.fleet().hosts().stream().map(this::describe).toList();
    }

    private HostDescription describe(Fleet.Host host) {
        Resources used = agents.fleet().vms().stream()
                .filter(vm -> placeOf(vm).host().equals(host.id()))
                .map(Fleet.Machine::size)
                .reduce(Resources.NONE, Resources::plus);
        return new HostDescription(
                host.id(), host.domain(), host.capacity(), used, true, Set.of(), Set.of(), COST_PER_HOUR);
    }

    private Place placeOf(Fleet.Machine vm) {
        InstanceDescription known = lastKnown.get(vm.id());
        return known == null ? new Place(vm.instance(), vm.host()) : new Place(known.id(), known.host());
    }

    @Override
    public Optional<VmDescription> vm(VmId vm, Duration timeout) {
        Optional<Fleet.Machine> machine = agents.fleet().vms().stream()
                .filter(known -> known.id().equals(vm))
                .findFirst();
        return machine.map(known -> {
            look(vm, timeout);
            Place place = placeOf(known);
            return new VmDescription(vm, place.instance(), place.host(), known.size(), List.of(), Set.of());
        });
    }

    private void look(VmId vm, Duration timeout) {
        for (Fleet.Host host : agents.fleet().hosts()) {
            try {
                Duration share = timeout.dividedBy(agents.fleet().hosts().size());
                for (InstanceDescription instance : agents.call(
                                host.id(), "instances", null, AgentMessages.Listed.class, share)
                        .instances()) {
                    if (instance.vm().equals(vm) && instance.power() == PowerState.RUNNING) {
                        lastKnown.merge(vm, instance, ProcessInventory::newer);
                    }
                }
            } catch (RpcException e) {
                LOG.debug("what was known of host {} holds: {}", host.id(), e.getMessage());
            }
        }
    }

    private static InstanceDescription newer(InstanceDescription a, InstanceDescription b) {
        return b.generation().isOlderThan(a.generation()) ? a : b;
    }

    @Override
    public Duration latency(HostId from, HostId to) throws InventoryException {
        Fleet.Host a = known(from);
        Fleet.Host b = known(to);
        if (from.equals(to)) {
            return Duration.ZERO;
        }
        return a.domain().failsTogetherWith(b.domain(), Tier.ZONE) ? WITHIN_A_ZONE : BETWEEN_ZONES;
    }

    private Fleet.Host known(HostId host) throws InventoryException {
        return agents.fleet()
                .host(host)
                .orElseThrow(() -> new InventoryException(Retry.PERMANENT, "host " + host + " is unknown"));
    }

    private record Place(InstanceId instance, HostId host) {}
}
