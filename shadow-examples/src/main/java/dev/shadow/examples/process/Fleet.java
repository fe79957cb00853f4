package dev.shadow.examples.process;

import dev.shadow.examples.process.host.HostDirectory;
import dev.shadow.examples.process.rpc.RpcClient;
import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The hosts of a run and the virtual machines that were there at first.
 *
 * @param secret what every call to an agent or to the forwarder begins with
 * @param forwarderPort control port of the forwarder, on loopback
 * @param hosts every host
 * @param vms every virtual machine
 */
public record Fleet(String secret, int forwarderPort, List<Host> hosts, List<Machine> vms) {
    public Fleet {
        hosts = List.copyOf(hosts);
        vms = List.copyOf(vms);
    }

    /**
     * A host.
     *
     * @param id the host
     * @param domain where it stands
     * @param directory where it keeps its files
     * @param capacity what it offers
     * @param replicaPort port on loopback at which its replicas are reached, where something stands in between;
     *     0 to go to the agent directly
     */
    public record Host(HostId id, FailureDomain domain, String directory, Resources capacity, int replicaPort) {
        /** Its files. */
        public HostDirectory files() {
            return new HostDirectory(Path.of(directory));
        }
    }

    /**
     * A virtual machine as it was at first.
     *
     * @param id the virtual machine
     * @param instance the instance that serves
     * @param host where it runs
     * @param size what it was given
     */
    public record Machine(VmId id, InstanceId instance, HostId host, Resources size) {}

    /** The host of this name, if the fleet has it. */
    public Optional<Host> host(HostId id) {
        return hosts.stream().filter(host -> host.id().equals(id)).findFirst();
    }

    /** Where the forwarder takes orders. */
    public InetSocketAddress forwarder() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), forwarderPort);
    }

    /** Finds the agent of a host, which may have been started again since. */
    static RpcClient.Locator agentOf(Host host) {
        return () -> {
            HostDirectory.AgentRecord agent = host.files()
                    .agent()
                    .orElseThrow(() -> new ConnectException("host " + host.id() + " was never started"));
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), agent.port());
        };
    }

    /** Where epochs for the replicas of a host are sent. */
    int replicaPortOf(Host host) throws IOException {
        if (host.replicaPort() != 0) {
            return host.replicaPort();
        }
        return host.files()
                .agent()
                .orElseThrow(() -> new ConnectException("host " + host.id() + " was never started"))
                .replicaPort();
    }
}
