/** The manager that keeps every profiled machine supplied with warm shadow replicas. */
module dev.shadow.core {
    requires static org.jspecify;
    requires transitive dev.shadow.spi;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires java.management;
    requires jdk.management;

    exports dev.shadow.core.detect;
    exports dev.shadow.core.failover;
    exports dev.shadow.core.function;
    exports dev.shadow.core.json;
    exports dev.shadow.core.placement.online;
    exports dev.shadow.core.placement.plan;
    exports dev.shadow.core.placement.reassign;
    exports dev.shadow.core.placement.search;
    exports dev.shadow.core.placement;
    exports dev.shadow.core.store;
    exports dev.shadow.core;
}
