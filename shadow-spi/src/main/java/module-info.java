/**
 * The published face of the library: the model records and the interfaces that a host application
 * implements. Depends on the JDK alone; the JSpecify annotations are needed to compile, not to run.
 */
module dev.shadow.spi {
    requires static transitive org.jspecify;

    exports dev.shadow.spi;
    exports dev.shadow.spi.compute;
    exports dev.shadow.spi.event;
    exports dev.shadow.spi.failover;
    exports dev.shadow.spi.forecast;
    exports dev.shadow.spi.function;
    exports dev.shadow.spi.inventory;
    exports dev.shadow.spi.metrics;
    exports dev.shadow.spi.placement;
    exports dev.shadow.spi.profile;
    exports dev.shadow.spi.replica;
    exports dev.shadow.spi.store;
    exports dev.shadow.spi.sync;
    exports dev.shadow.spi.sync.stream;
}
