#include "bin/mipo-audit/audit.h"

int
main(int argc, char **argv)
{
	return mipo_cli_main(&audit_cli, argc, argv);
}
