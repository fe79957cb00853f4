package dev.shadow.core.internal;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;

/** Identities of the instances that are made here: prefix, name of the machine, number. */
final class ReplicaIds {
    private static final int MOST_OF_NAME = 80;

    private ReplicaIds() {}

    static InstanceId of(String prefix, VmId vm, long number) {
        return InstanceId.of(prefix + "." + name(vm) + "." + number);
    }

    private static String name(VmId vm) {
        String name = vm.value();
        return name.length() <= MOST_OF_NAME
                ? name
                : name.substring(0, MOST_OF_NAME - 10) + "-" + Integer.toHexString(name.hashCode());
    }

    /** Whether an identity can be that of a replica of this machine; another machine's can too. */
    static boolean mayBeOf(VmId vm, String id) {
        return id.substring(0, Math.max(0, id.lastIndexOf('.'))).endsWith("." + name(vm));
    }

    static long numberOf(InstanceId id) {
        return Long.parseLong(id.value().substring(id.value().lastIndexOf('.') + 1));
    }
}
