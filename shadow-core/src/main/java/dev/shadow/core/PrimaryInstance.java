package dev.shadow.core;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import java.util.Objects;

/**
 * The instance that serves a virtual machine, as the manager has it recorded.
 *
 * @param vm the virtual machine
 * @param instance the instance that serves
 * @param host where it runs
 * @param generation the write history that it leads
 */
public record PrimaryInstance(VmId vm, InstanceId instance, HostId host, Generation generation) {
    public PrimaryInstance {
        Objects.requireNonNull(vm, "vm");
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(generation, "generation");
    }
}
