/** The manager that keeps every profiled machine supplied with warm shadow replicas. */
module dev.shadow.core {
    requires static org.jspecify;
    requires transitive dev.shadow.spi;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires com.google.common;
    requires org.slf4j;
}
