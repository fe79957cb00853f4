package dev.shadow.examples.process;

import dev.shadow.examples.process.host.AgentMessages;
import dev.shadow.examples.process.rpc.Json;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet as a platform would know it: read from a file, at every question anew. Where a virtual machine runs is asked of the agents: the running instance
 * of the highest generation. While no agent reports one, the last known place holds. May be shared.
 */
public final class ProcessInventory implements Inventory {
    private static final Duration WITHIN_A_ZONE = Duration.ofNanos(200_000);
    private static final Duration BETWEEN_ZONES = Duration.ofNanos(900_000);
    private static final double COST_PER_HOUR = 1.0;

    private static final Logger LOG = LoggerFactory.getLogger(ProcessInventory.class);

    private final Path file;
    private final Agents agents;
    private final Map<VmId, InstanceDescription> lastKnown = new ConcurrentHashMap<>();

    private ProcessInventory(Path file, Agents agents) {
        this.file = file;
        this.agents = agents;
    }

    /**
     * Returns the inventory of a fleet.
     *
     * @param file a {@link Fleet} as JSON
     * @param agents of the hosts of that fleet
     */
    public static ProcessInventory over(Path file, Agents agents) {
        return new ProcessInventory(file, agents);
    }

    private Fleet fleet() throws InventoryException {
        try {
            return Json.read(Files.readString(file), Fleet.class);
        } catch (IOException e) {
            throw new InventoryException(Retry.TRANSIENT, "the inventory " + file + " cannot be read: " + e, e);
        }
    }

    @Override
    public List<HostDescription> hosts(Duration timeout) throws InventoryException {
        Fleet fleet = fleet();
        return fleet.hosts().stream().map(host -> describe(fleet, host)).toList();
    }

    private HostDescription describe(Fleet fleet, Fleet.Host host) {
        Resources used = fleet.vms().stream()
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
    public Optional<VmDescription> vm(VmId vm, Duration timeout) throws InventoryException {
        Optional<Fleet.Machine> machine =
                fleet().vms().stream().filter(known -> known.id().equals(vm)).findFirst();
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
        return fleet().host(host)
                .orElseThrow(() -> new InventoryException(Retry.PERMANENT, "host " + host + " is unknown"));
    }

    private record Place(InstanceId instance, HostId host) {}
}
