"""The computer at the desk: an icon, an offline installation, a backup of the clinic's folder."""
